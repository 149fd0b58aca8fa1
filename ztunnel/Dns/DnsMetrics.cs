using System.Collections.Concurrent;
using Ambient.Mesh.Dns;
using Ambient.Mesh.Workloads;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Dns;

/// <summary>The DNS metrics of node-proxy 9.2.</summary>
internal sealed class DnsMetrics : IMetricSource
{
    private readonly ConcurrentDictionary<(string Type, DnsProtocol Protocol, string Service, string Revision), DnsSeries> _series = [];

    /// <summary>Of the buckets, in seconds.</summary>
    internal static double[] Bounds { get; } = [0.0005, 0.001, 0.01, 0.1, 1, 5];

    public DnsSeries SeriesOf(DnsType type, DnsProtocol protocol, Workload? client) => _series.GetOrAdd(
        (NameOf(type), protocol, client?.CanonicalName ?? "", client?.CanonicalRevision ?? ""), static key => new DnsSeries(Format(key)));

    public void WriteTo(MetricsWriter writer)
    {
        DnsSeries[] series = [.. _series.Values.OrderBy(one => one.Labels, StringComparer.Ordinal)];
        DnsSeries[] forwarded = Array.FindAll(series, one => one.UpstreamRequests > 0);
        foreach (DnsSeries one in series)
        {
            writer.Sample(MetricCatalogue.DnsRequests, one.Labels, one.Requests);
        }

        foreach (DnsSeries one in forwarded)
        {
            writer.Sample(MetricCatalogue.DnsUpstreamRequests, one.Labels, one.UpstreamRequests);
        }

        foreach (DnsSeries one in forwarded.Where(one => one.UpstreamFailures > 0))
        {
            writer.Sample(MetricCatalogue.DnsUpstreamFailures, one.Labels, one.UpstreamFailures);
        }

        foreach (DnsSeries one in forwarded)
        {
            writer.Histogram(MetricCatalogue.DnsUpstreamDuration, one.Labels, Bounds, one.Buckets(), one.UpstreamSeconds);
        }
    }

    /// <summary>Types without a name share one, or a pod could make a series for each of 65,536.</summary>
    public static string NameOf(DnsType type) => Enum.GetName(type)?.ToLowerInvariant() ?? "unknown";

    private static string Format((string Type, DnsProtocol Protocol, string Service, string Revision) key)
    {
        LabelText labels = new();
        labels.Add("request_query_type", key.Type);
        labels.Add("request_protocol", key.Protocol == DnsProtocol.Udp ? "udp" : "tcp");
        labels.Add("source_canonical_service", key.Service);
        labels.Add("source_canonical_revision", key.Revision);
        return labels.ToString();
    }
}
