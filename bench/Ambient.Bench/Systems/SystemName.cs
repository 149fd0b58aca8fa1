namespace Ambient.Bench.Systems;

/// <summary>Names of the systems, as on the command line and in the JSON.</summary>
internal static class SystemName
{
    public const string Direct = "direct";
    public const string HaproxyPlain = "haproxy-plain";
    public const string Ours = "ours";

    /// <summary>The same programs as <see cref="Ours"/>, started a second time: the A/A control.</summary>
    public const string OursAgain = "ours-again";

    /// <summary>Ours without what surrounds a ztunnel in a cluster: to see what that costs. Runs only when it is asked for.</summary>
    public const string OursLean = "ours-lean";
    public const string HaproxyTls = "haproxy-mtls";
    public const string NginxTls = "nginx-mtls";

    /// <summary>What a run measures unless told otherwise.</summary>
    public static IReadOnlyList<string> All { get; } = [Direct, HaproxyPlain, Ours, OursAgain, HaproxyTls, NginxTls];

    /// <summary>Everything there is, in the order of the tables.</summary>
    public static IReadOnlyList<string> Known { get; } = [Direct, HaproxyPlain, Ours, OursAgain, OursLean, HaproxyTls, NginxTls];

    public static bool IsOurs(string name) => name is Ours or OursAgain or OursLean;

    public static string Title(string name) => name switch
    {
        Direct => "direct",
        HaproxyPlain => "haproxy plain",
        Ours => "ours",
        OursAgain => "ours again",
        OursLean => "ours lean",
        HaproxyTls => "haproxy mTLS",
        NginxTls => "nginx mTLS",
        _ => name,
    };
}
