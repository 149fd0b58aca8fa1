using System.Net;
using System.Text.Json;
using Ambient.Lab.Network;
using Ambient.Lab.Plans;
using Ambient.Lab.Ztunnels;

namespace Ambient.Lab.Scaling;

/// <summary>What the ztunnels of a lab know of pods.</summary>
internal sealed class ZtunnelWorkloads(RunningLab lab)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Waits until every node's ztunnel takes all of the pods for healthy, or none.</summary>
    /// <exception cref="LabException">Not in time.</exception>
    public Task WaitAsync(IReadOnlyList<PodPlan> pods, bool isHealthy, CancellationToken cancellationToken) =>
        Task.WhenAll(lab.Plan.Nodes.Select(node => WaitAsync(node, [.. pods.Select(pod => pod.Uid)], isHealthy, cancellationToken)));

    private async Task WaitAsync(NodePlan node, HashSet<string> pods, bool isHealthy, CancellationToken cancellationToken)
    {
        using var http = new NamespaceHttp(node.NamespacePath);
        long begin = TimeProvider.System.GetTimestamp();
        while (await CountHealthyAsync(http, node, pods, cancellationToken) != (isHealthy ? pods.Count : 0))
        {
            if (TimeProvider.System.GetElapsedTime(begin) > Patience)
            {
                throw new LabException(
                    $"The ztunnel of {node.Name} does not take {string.Join(", ", pods.Order(StringComparer.Ordinal))} for {(isHealthy ? "healthy" : "retired")} after {Patience.TotalSeconds:0} s.",
                    $"Compare: ambientctl lab exec {ControlPlanePlan.Name} -- ambientctl proxy-status");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <returns>-1 when it does not answer.</returns>
    private async Task<int> CountHealthyAsync(NamespaceHttp http, NodePlan node, HashSet<string> pods, CancellationToken cancellationToken)
    {
        int port = ZtunnelSettings.PortOf(ZtunnelSettings.AdminPort, lab.ZtunnelOf(node).Generation);
        if (await http.GetAsync(port, "/config_dump", cancellationToken) is not (HttpStatusCode.OK, { } body))
        {
            return -1;
        }

        using JsonDocument dump = JsonDocument.Parse(body);
        return dump.RootElement.GetProperty("workloads").EnumerateArray().Count(workload =>
            pods.Contains(workload.GetProperty("uid").GetString()!) && workload.GetProperty("status").GetString() == "Healthy");
    }
}
