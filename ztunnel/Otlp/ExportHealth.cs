using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Otlp;

/// <summary>Counts the failures of one signal, and says once that it fails and once that it works again.</summary>
internal sealed class ExportHealth(OtlpSignal signal) : IMetricSource
{
    private readonly string _labels = $"signal=\"{signal.Name}\"";
    private long _failures;
    private bool _isFailing;

    public void Report(OtlpAnswer answer, ILogger logger, Uri collector, string hint)
    {
        if (answer.IsTaken)
        {
            if (_isFailing)
            {
                OtlpLog.Works(logger, signal.Name, collector);
            }
        }
        else
        {
            Interlocked.Increment(ref _failures);
            if (!_isFailing)
            {
                OtlpLog.Failed(logger, signal.Name, collector, answer.Problem ?? "", hint);
            }
        }

        _isFailing = !answer.IsTaken;
    }

    public void WriteTo(MetricsWriter writer) => writer.Sample(MetricCatalogue.ExportFailures, _labels, Volatile.Read(ref _failures));
}
