using Ambient.Lab.Specs;

namespace Ambient.Lab.Demo;

/// <summary>Names and texts that the facts look for.</summary>
internal static class DemoNames
{
    public const string Client = DefaultLab.Curl;
    public const string Server = DefaultLab.Web;

    /// <summary>Part of every request's path in the facts about the wire.</summary>
    public const string RequestText = "a-request-that-nobody-else-should-read";

    /// <summary>What nginx answers with begins so, whichever pod it runs in.</summary>
    public const string ResponseText = "hello from ";

    public const string Blob = "blob.bin";

    public static string SpiffeId(string principal) => $"spiffe://{principal}";
}
