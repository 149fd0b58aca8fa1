using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Pods;

/// <summary>The <c>workload_manager_*</c> metrics (node-proxy 9.2).</summary>
internal sealed class PodMetrics
{
    public CountMetric Active { get; } = new(MetricCatalogue.ActiveProxies);

    public CountMetric Pending { get; } = new(MetricCatalogue.PendingProxies);

    public CountMetric Started { get; } = new(MetricCatalogue.ProxiesStarted);

    public CountMetric Stopped { get; } = new(MetricCatalogue.ProxiesStopped);

    public void AddTo(MetricsRegistry registry)
    {
        registry.Add(Active);
        registry.Add(Pending);
        registry.Add(Started);
        registry.Add(Stopped);
    }
}
