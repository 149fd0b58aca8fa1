using Ambient.Lab.Demo.Stages;
using Ambient.Lab.Network;

namespace Ambient.Lab.Demo.Observation;

/// <summary>What a ztunnel has counted between the demo's client and server: bytes each way, and ended connections.</summary>
internal sealed record TrafficTotals(long Received, long Sent, long Closed)
{
    public static async Task<TrafficTotals> ReadAsync(ZtunnelView ztunnel, string reporter, CancellationToken cancellationToken)
    {
        using var http = new NamespaceHttp(ztunnel.NamespacePath);
        (_, string body) = await http.GetAsync(ztunnel.StatsPort, "/metrics", cancellationToken)
            ?? throw new LabException($"{ztunnel.Name} does not answer on its metrics port {ztunnel.StatsPort}.", $"Its log: {ztunnel.LogPath}");
        var page = new MetricsPage(body);
        (string, string)[] labels = [("reporter", reporter), ("source_workload", DemoNames.Client), ("destination_workload", DemoNames.Server)];
        return new TrafficTotals(
            page.Sum("istio_tcp_received_bytes_total", labels), page.Sum("istio_tcp_sent_bytes_total", labels), page.Sum("istio_tcp_connections_closed_total", labels));
    }

    public TrafficTotals Since(TrafficTotals before) => new(Received - before.Received, Sent - before.Sent, Closed - before.Closed);
}
