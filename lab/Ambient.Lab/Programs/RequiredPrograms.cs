using Ambient.Redirection.Commands;

namespace Ambient.Lab.Programs;

/// <summary>External programs and the Debian packages that have them.</summary>
public static class RequiredPrograms
{
    private static readonly Dictionary<string, string> Packages = new(StringComparer.Ordinal)
    {
        ["ip"] = "iproute2",
        ["nft"] = "nftables",
        ["sysctl"] = "procps",
        ["nsenter"] = "util-linux",
        ["setsid"] = "util-linux",
        ["nginx"] = "nginx-light",
        ["haproxy"] = "haproxy",
        ["curl"] = "curl",
        ["tcpdump"] = "tcpdump",
        ["iperf3"] = "iperf3",
        ["kubectl"] = "kubernetes-client",
    };

    /// <summary>Those that a lab needs whatever its pods run.</summary>
    public static IReadOnlyList<string> OfEveryLab { get; } = ["ip", "nft", "sysctl", "nsenter", "setsid"];

    /// <exception cref="LabException">At least one is missing; the next step names the packages of all that are.</exception>
    public static void Check(IEnumerable<string> programs)
    {
        string[] missing = [.. programs.Distinct(StringComparer.Ordinal).Where(program => !IsPresent(program))];
        if (missing.Length == 0)
        {
            return;
        }

        string[] packages = [.. missing.Select(program => Packages.GetValueOrDefault(program)).OfType<string>().Distinct()];
        throw new LabException(
            $"Missing on this machine: {string.Join(", ", missing)}.",
            packages.Length > 0 ? $"Install them: apt-get install {string.Join(' ', packages)}" : "Install them, or correct the workload's command.");
    }

    private static bool IsPresent(string program) => program.Contains('/') ? File.Exists(program) : SystemPath.Find(program) is not null;
}
