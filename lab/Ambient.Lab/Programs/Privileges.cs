using System.Globalization;

namespace Ambient.Lab.Programs;

/// <summary>Whether this process may make network namespaces.</summary>
public static class Privileges
{
    private const int NetworkAdministration = 12;
    private const int SystemAdministration = 21;

    /// <summary>Null when everything is there, else what is missing, in words.</summary>
    public static string? FindMissing() => FindMissing(Environment.IsPrivilegedProcess, File.ReadLines("/proc/self/status"));

    internal static string? FindMissing(bool isRoot, IEnumerable<string> status)
    {
        if (!isRoot)
        {
            return "not running as root";
        }

        ulong effective = Convert.ToUInt64(
            status.First(line => line.StartsWith("CapEff:", StringComparison.Ordinal))["CapEff:".Length..].Trim(), fromBase: 16);
        string[] missing =
        [
            .. new[] { ("CAP_NET_ADMIN", NetworkAdministration), ("CAP_SYS_ADMIN", SystemAdministration) }
                .Where(capability => (effective >> capability.Item2 & 1) == 0)
                .Select(capability => capability.Item1),
        ];
        return missing.Length == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"root lacks {string.Join(" and ", missing)}");
    }
}
