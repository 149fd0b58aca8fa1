using Ambient.Certs;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>The end of every certificate in use, so that an alert can fire before traffic stops.</summary>
internal sealed class CertificateExpiry(CertificateStore store) : IMetricSource
{
    public void WriteTo(MetricsWriter writer)
    {
        foreach (CertificateState state in store.Snapshot())
        {
            if (state.Certificate is { } certificate)
            {
                var labels = new LabelText();
                labels.Add("identity", state.Identity.ToString());
                writer.Sample(MetricCatalogue.CertificateExpiry, labels.ToString(), certificate.NotAfter.ToUnixTimeSeconds());
            }
        }
    }
}
