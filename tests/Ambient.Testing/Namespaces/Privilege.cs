using System.Globalization;

namespace Ambient.Testing.Namespaces;

/// <summary>Whether this process can make namespaces.</summary>
public static class Privilege
{
    private const string Reason = "needs root and CAP_NET_ADMIN";
    private const int NetAdminBit = 12;

    /// <summary>Null when tests shall run: the privilege is there, or CI demands it.</summary>
    public static string? SkipReason { get; } =
        SkipReasonFor(File.ReadLines("/proc/self/status"), Environment.GetEnvironmentVariable("CI") == "true");

    public static string? SkipReasonFor(IEnumerable<string> processStatus, bool isCi)
    {
        bool isRoot = false;
        ulong effective = 0;
        foreach (string line in processStatus)
        {
            string[] fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields is ["Uid:", _, "0", ..])
            {
                isRoot = true;
            }
            else if (fields is ["CapEff:", { } bits, ..])
            {
                effective = ulong.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }
        }

        bool isPrivileged = isRoot && (effective & (1UL << NetAdminBit)) != 0;
        return isPrivileged || isCi ? null : Reason;
    }
}
