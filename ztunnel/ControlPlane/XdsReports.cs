using Ambient.Xds;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.ControlPlane;

/// <summary>Logs the life of the connection to the control plane and counts what node-proxy 9.2 counts.</summary>
internal sealed class XdsReports(ILoggerFactory loggers) : IXdsEvents, IMetricSource
{
    private const int LoggedDetailLength = 2000;

    private readonly ILogger _logger = loggers.CreateLogger(LogTargets.Xds);
    private readonly long[] _terminations = new long[Enum.GetValues<XdsStreamEnd>().Length];
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (long Messages, long Bytes)> _received = new(StringComparer.Ordinal);

    /// <summary>Counts up from 1, by one with each stream that is tried.</summary>
    private long _stream = 1;

    private ILogger Logger => _logger.WithinStream(Volatile.Read(ref _stream));

    public void Connected() => ControlPlaneLog.Connected(Logger);

    public void Disconnected(XdsStreamEnd end, string detail, TimeSpan retryIn)
    {
        Interlocked.Increment(ref _terminations[(int)end]);
        if (end is XdsStreamEnd.Reconnect or XdsStreamEnd.Complete)
        {
            ControlPlaneLog.Ended(Logger, end, detail, retryIn);
        }
        else
        {
            ControlPlaneLog.Failed(Logger, end, detail, retryIn);
        }

        Interlocked.Increment(ref _stream);
    }

    public void Received(string typeUrl, long payloadBytes)
    {
        // A type that was not asked for must not make a series of its own.
        string known = typeUrl is XdsTypes.Address or XdsTypes.Authorization ? typeUrl : "other";
        lock (_lock)
        {
            (long messages, long bytes) = _received.GetValueOrDefault(known);
            _received[known] = (messages + 1, bytes + payloadBytes);
        }
    }

    public void Applied(string typeUrl, int updated, int removed)
    {
        if (_logger.IsEnabled(LogLevel.Debug))
        {
            ControlPlaneLog.Applied(Logger, typeUrl, updated, removed);
        }
    }

    public void Rejected(string typeUrl, string detail) => ControlPlaneLog.Rejected(Logger, typeUrl, Shorten(detail));

    public void Simplified(string typeUrl, string detail) => ControlPlaneLog.Simplified(Logger, typeUrl, Shorten(detail));

    public void WriteTo(MetricsWriter writer)
    {
        foreach (XdsStreamEnd end in Enum.GetValues<XdsStreamEnd>())
        {
            if (Volatile.Read(ref _terminations[(int)end]) is > 0 and long count)
            {
                writer.Sample(MetricCatalogue.XdsTerminations, $"reason=\"{end}\"", count);
            }
        }

        KeyValuePair<string, (long Messages, long Bytes)>[] received;
        lock (_lock)
        {
            received = [.. _received];
        }

        foreach ((string url, (long messages, _)) in received)
        {
            writer.Sample(MetricCatalogue.XdsMessages, $"url=\"{url}\"", messages);
        }

        foreach ((string url, (_, long bytes)) in received)
        {
            writer.Sample(MetricCatalogue.XdsMessageBytes, $"url=\"{url}\"", bytes);
        }
    }

    private static string Shorten(string detail) => detail.Length <= LoggedDetailLength ? detail : detail[..LoggedDetailLength] + "...";
}
