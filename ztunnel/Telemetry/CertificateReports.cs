using Ambient.Certs;
using Ambient.Mesh.Identities;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>Logs certificate fetches and counts the failed ones.</summary>
internal sealed class CertificateReports(ILoggerFactory loggers) : ICertificateEvents, IMetricSource
{
    private readonly ILogger _logger = loggers.CreateLogger(LogTargets.Certificates);
    private long _failures;

    public void Fetched(SpiffeId identity, DateTimeOffset notAfter)
    {
        if (_logger.IsEnabled(LogLevel.Debug))
        {
            CertificateLog.Fetched(_logger, identity.ToString(), notAfter);
        }
    }

    public void FetchFailed(SpiffeId identity, string reason, TimeSpan retryIn)
    {
        Interlocked.Increment(ref _failures);
        CertificateLog.FetchFailed(_logger, identity.ToString(), reason, retryIn);
    }

    public void WriteTo(MetricsWriter writer) =>
        writer.Sample(MetricCatalogue.CertificateFetchFailures, "", Volatile.Read(ref _failures));
}
