using System.Globalization;
using System.Runtime.InteropServices;
using Ambient.Bench.Options;
using Ambient.Bench.Systems;

namespace Ambient.Bench.Rig;

/// <summary>What a reader needs to know of the machine and the programs to believe a figure.</summary>
internal static class HostFacts
{
    private static readonly string Ours = string.Create(
        CultureInfo.InvariantCulture,
        $"shared mode, pods by ZDS, listeners in the pods' namespaces; {MeshPlane.StandingWorkloads:N0} workloads and {MeshPlane.StandingWorkloads / 10:N0} services by xDS, ")
        + "certificates of an authority, a policy of 100 rules, DNS proxy, access log, metrics; spans of all connections and metrics by OTLP every second"
        + " (ours-lean: dedicated mode, mesh of a file, no export)";

    public static async Task<SortedDictionary<string, string>> CollectAsync(BenchRig rig, BenchOptions options, string repositoryRoot, TimeProvider time) =>
        new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["date"] = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["commit"] = await CommitAsync(repositoryRoot),
            ["machine"] = $"{Environment.ProcessorCount} x {CpuModel()}",
            ["kernel"] = (await File.ReadAllTextAsync("/proc/sys/kernel/osrelease")).Trim(),
            ["load average at start"] = (await File.ReadAllTextAsync("/proc/loadavg")).Trim(),
            ["congestion control"] =
                $"{await RigNetwork.CongestionControlAsync(rig.Network.ClientNamespace)} / {await RigNetwork.CongestionControlAsync(rig.Network.ServerNamespace)}",
            ["topology"] = $"client node and server node as two namespaces, one veth, MTU {RigNetwork.LinkMtu} with segmentation offload; apps to proxies over loopback",
            ["placement"] = options.Placement == Placement.Pinned ? "generator and sinks on CPU 0, both proxies on CPU 1, one worker each" : "free, one worker each",
            ["ours"] = Ours,
            ["cpu accounting"] = rig.CountsCpuInControlGroups ? "control group per process" : "/proc/pid/stat (10 ms)",
            ["descriptor limit"] = DescriptorLimit.Hard.ToString(CultureInfo.InvariantCulture),
            ["mitigations"] = Mitigations(),
            [".NET"] = RuntimeInformation.FrameworkDescription,
            ["openssl"] = FirstLine(await Command.TryAsync("openssl", "version")),
            ["libssl package"] = FirstLine(await Command.TryAsync("dpkg-query", "-W", "-f=${Version}", "libssl3")),
            ["libipsec-mb package"] = FirstLine(await Command.TryAsync("dpkg-query", "-W", "-f=${Package} ${Version}", "libipsec-mb1")),
            ["haproxy"] = FirstLine(await Command.TryAsync("haproxy", "-v")),
            ["nginx"] = FirstLine(await Command.TryAsync("nginx", "-v")),
            ["iperf3"] = FirstLine(await Command.TryAsync("iperf3", "--version")),
            ["wrk"] = FirstLine(await Command.TryAsync("dpkg-query", "-W", "-f=${Version}", "wrk")),
        };

    private static async Task<string> CommitAsync(string repositoryRoot)
    {
        string commit = FirstLine(await Command.TryAsync("git", "-C", repositoryRoot, "rev-parse", "--short=12", "HEAD"));
        (_, string changes, _) = await Command.TryAsync("git", "-C", repositoryRoot, "status", "--porcelain", "--untracked-files=no");
        return changes.Trim().Length == 0 ? commit : commit + " with local changes";
    }

    private static string CpuModel() => File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
        ?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string Mitigations()
    {
        const string Folder = "/sys/devices/system/cpu/vulnerabilities";
        return !Directory.Exists(Folder) ? "unknown" : string.Join("; ", Directory.GetFiles(Folder).Order(StringComparer.Ordinal)
            .Select(file => (Name: Path.GetFileName(file), Text: File.ReadAllText(file).Trim()))
            .Where(item => item.Text != "Not affected").Select(item => $"{item.Name}: {item.Text}"));
    }

    private static string FirstLine((int ExitCode, string Output, string Error) run) =>
        (run.Output + run.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "absent";
}
