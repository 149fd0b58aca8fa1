using Ambient.Lab.Observation;
using Ambient.Lab.Plans;
using Ambient.Lab.Processes;

namespace Ambient.Lab.Upgrades;

/// <summary>
/// Replaces ztunnels under traffic, as a rolling update of a cluster does (node-proxy 10.3): a second one comes up beside the first, listens
/// in the same pods, becomes ready; then the first is asked to end, and drains. Tells what became of every connection.
/// </summary>
public static class LabUpgrade
{
    /// <summary>More than the drain that a lab's ztunnels are given.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(15);

    /// <summary>Upgrades the nodes of a running lab one after the other; null means all.</summary>
    /// <exception cref="LabException">There is no such lab or node, or a ztunnel did not become ready; the old one then goes on.</exception>
    public static async Task<IReadOnlyList<UpgradeResult>> RunAsync(LabOptions options, string name, string? node, CancellationToken cancellationToken)
    {
        RunningLab lab = RunningLab.Open(options, name);
        List<NodePlan> nodes = [.. lab.Plan.Nodes.Where(candidate => node is null || candidate.Name == node)];
        if (nodes.Count == 0)
        {
            throw new LabException($"There is no node {node} in lab {name}.", $"It has {string.Join(", ", lab.Plan.Nodes.Select(known => known.Name))}.");
        }

        List<UpgradeResult> results = [];
        foreach (NodePlan next in nodes)
        {
            results.Add(await RunAsync(lab, next, options.Report, cancellationToken));
        }

        return results;
    }

    /// <exception cref="LabException">No traffic passes even before; the new ztunnel did not become ready; or the old one did not end by itself.</exception>
    public static async Task<UpgradeResult> RunAsync(RunningLab lab, NodePlan node, Action<string> report, CancellationToken cancellationToken)
    {
        await using UpgradeTraffic traffic = await UpgradeTraffic.StartAsync(lab, cancellationToken);
        var log = new LogFollower(lab.Directory.ZtunnelLog(node.Name));
        ProcessRecord old = lab.ZtunnelOf(node);
        ProcessRecord young = await lab.StartZtunnelAsync(node, 1 - old.Generation, cancellationToken);
        report($"{node.Name}: process {young.Id} is ready beside {old.Id}, which drains now");
        long asked = TimeProvider.System.GetTimestamp();
        ProcessTable.Terminate(old);
        await log.WaitForAsync(line => line.Contains("draining", StringComparison.Ordinal), cancellationToken);
        (int, long, string) finished = await traffic.FinishWithinDrainAsync(cancellationToken);
        if (!await ProcessTable.WaitForEndAsync(old, DrainLimit, cancellationToken))
        {
            throw new LabException($"ztunnel {old.Id} of {node.Name} still runs {DrainLimit.TotalSeconds:0} s after it was asked to end.", $"Its log: {lab.Directory.ZtunnelLog(node.Name)}");
        }

        UpgradeResult result = await traffic.EndAsync(node.Name, finished, asked, log, cancellationToken);
        report($"{node.Name}: process {old.Id} has ended; {result.Kept}");
        report($"{node.Name}: {result.Cut}");
        return result;
    }
}
