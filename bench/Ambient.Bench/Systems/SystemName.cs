namespace Ambient.Bench.Systems;

/// <summary>Names of the systems, as on the command line and in the JSON.</summary>
internal static class SystemName
{
    public const string Direct = "direct";
    public const string HaproxyPlain = "haproxy-plain";
    public const string Ours = "ours";

    /// <summary>The same programs as <see cref="Ours"/>, started a second time: the A/A control.</summary>
    public const string OursAgain = "ours-again";
    public const string HaproxyTls = "haproxy-mtls";
    public const string NginxTls = "nginx-mtls";

    public static IReadOnlyList<string> All { get; } = [Direct, HaproxyPlain, Ours, OursAgain, HaproxyTls, NginxTls];

    public static string Title(string name) => name switch
    {
        Direct => "direct",
        HaproxyPlain => "haproxy plain",
        Ours => "ours",
        OursAgain => "ours again",
        HaproxyTls => "haproxy mTLS",
        NginxTls => "nginx mTLS",
        _ => name,
    };
}
