namespace Ambient.Lab.Network;

/// <summary>
/// TCP's congestion control inside a lab. The machine's default may be BBR, whose pacing halves throughput over veth.
/// </summary>
internal static class CongestionControl
{
    private const string Cubic = "cubic";

    /// <summary>The one that every kernel lets a namespace choose.</summary>
    private const string Reno = "reno";

    private const string AllowedFile = "/proc/sys/net/ipv4/tcp_allowed_congestion_control";

    public static string Choose()
    {
        try
        {
            return Choose(File.ReadAllText(AllowedFile));
        }
        catch (IOException)
        {
            return Reno;
        }
    }

    /// <summary>A namespace may only choose what the machine allows to everyone.</summary>
    internal static string Choose(string allowed) =>
        allowed.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Contains(Cubic, StringComparer.Ordinal) ? Cubic : Reno;
}
