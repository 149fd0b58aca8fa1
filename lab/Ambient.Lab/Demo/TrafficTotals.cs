using Ambient.Lab.Demo.Stages;
using Ambient.Lab.Network;
using Ambient.Lab.Observation;

namespace Ambient.Lab.Demo;

/// <summary>What a ztunnel has counted between the demo's client and server: bytes each way, and connections begun and ended.</summary>
internal sealed record TrafficTotals(long Received, long Sent, long Opened, long Closed)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Once no connection is open and <paramref name="isEnough"/> holds, or whatever there is after a while.</summary>
    public static async Task<TrafficTotals> ReadSettledAsync(
        ZtunnelView ztunnel, string reporter, Func<TrafficTotals, bool> isEnough, CancellationToken cancellationToken)
    {
        long begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            TrafficTotals totals = await ReadAsync(ztunnel, reporter, cancellationToken);
            if ((totals.Opened == totals.Closed && isEnough(totals)) || TimeProvider.System.GetElapsedTime(begin) > Timeout)
            {
                return totals;
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    private static async Task<TrafficTotals> ReadAsync(ZtunnelView ztunnel, string reporter, CancellationToken cancellationToken)
    {
        using var http = new NamespaceHttp(ztunnel.NamespacePath);
        (_, string body) = await http.GetAsync(ztunnel.StatsPort, "/metrics", cancellationToken)
            ?? throw new LabException($"{ztunnel.Name} does not answer on its metrics port {ztunnel.StatsPort}.", $"Its log: {ztunnel.LogPath}");
        var page = new MetricsPage(body);
        (string, string)[] labels = [("reporter", reporter), ("source_workload", DemoNames.Client), ("destination_workload", DemoNames.Server)];
        return new TrafficTotals(
            page.Sum("istio_tcp_received_bytes_total", labels), page.Sum("istio_tcp_sent_bytes_total", labels),
            page.Sum("istio_tcp_connections_opened_total", labels), page.Sum("istio_tcp_connections_closed_total", labels));
    }

    public TrafficTotals Since(TrafficTotals before) => new(Received - before.Received, Sent - before.Sent, Opened - before.Opened, Closed - before.Closed);
}
