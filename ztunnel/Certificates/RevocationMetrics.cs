using Ambient.Certs.Revocation;
using Ambient.Tls;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Certificates;

/// <summary>The <c>istio_crl_*</c> families: what we did as source (connecting side) and as destination (accepting side).</summary>
internal sealed class RevocationMetrics(RevocationWatch watch) : IMetricSource
{
    private const string Source = "reporter=\"source\"";
    private const string Destination = "reporter=\"destination\"";

    public void WriteTo(MetricsWriter writer)
    {
        RevocationCounts connecting = watch.CountsOf(TlsRole.Client);
        RevocationCounts accepting = watch.CountsOf(TlsRole.Server);
        writer.Sample(MetricCatalogue.RevocationRejections, Source, connecting.Rejections);
        writer.Sample(MetricCatalogue.RevocationRejections, Destination, accepting.Rejections);
        writer.Sample(MetricCatalogue.RevocationUntracked, Source, connecting.Untracked);
        writer.Sample(MetricCatalogue.RevocationUntracked, Destination, accepting.Untracked);
        writer.Sample(MetricCatalogue.RevokedCertificates, "", watch.EntryCount);
    }
}
