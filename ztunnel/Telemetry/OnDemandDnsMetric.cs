using System.Collections.Concurrent;
using Ambient.Mesh.Workloads;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>
/// <c>istio_on_demand_dns_total</c>: how often a workload that has a host name only was resolved, from the cache or not (node-proxy 2.3.4). The names
/// come from the control plane, so their number is that of its workloads.
/// </summary>
internal sealed class OnDemandDnsMetric : IMetricSource
{
    private readonly ConcurrentDictionary<string, Cell> _counts = new(StringComparer.Ordinal);

    /// <summary>Any thread.</summary>
    public void Count(Workload source, string hostname) =>
        _counts.GetOrAdd(Format(WorkloadDescriptions.Of(source)!, hostname), static _ => new Cell()).Add();

    public void WriteTo(MetricsWriter writer)
    {
        foreach ((string labels, Cell count) in _counts)
        {
            writer.Sample(MetricCatalogue.OnDemandDns, labels, count.Value);
        }
    }

    private static string Format(WorkloadDescription source, string hostname)
    {
        var text = new LabelText();
        text.Add("source_workload", source.WorkloadName);
        text.Add("source_canonical_service", source.CanonicalName);
        text.Add("source_canonical_revision", source.CanonicalRevision);
        text.Add("source_workload_namespace", source.Namespace);
        text.Add("source_principal", source.Identity);
        text.Add("source_app", source.App);
        text.Add("source_version", source.CanonicalRevision);
        text.Add("source_cluster", source.ClusterId);
        text.Add("hostname", hostname);
        return text.ToString();
    }

    private sealed class Cell
    {
        private long _value;

        public long Value => Volatile.Read(ref _value);

        public void Add() => Interlocked.Increment(ref _value);
    }
}
