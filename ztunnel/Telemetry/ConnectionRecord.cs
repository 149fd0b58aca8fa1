using Ambient.Ztunnel.Otlp;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>
/// The one report of one accounted connection: opened when made, closed exactly once. Disposing a record that was not
/// completed reports the drain (node-proxy 9.3).
/// </summary>
internal sealed class ConnectionRecord : IDisposable
{
    private const string DrainMessage = "connection closed due to connection drain";

    private readonly AccessLog _accessLog;
    private readonly TcpMetrics _metrics;
    private readonly ConnectionDescription _description;
    private readonly ITrafficReader _traffic;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly TcpSeries _series;
    private readonly TcpSeries.LiveEntry _live;
    private int _isReported;

    internal ConnectionRecord(
        TcpMetrics metrics, AccessLog accessLog, ConnectionDescription description, ITrafficReader traffic, TimeProvider time, ConnectionSpan? span)
    {
        _metrics = metrics;
        _accessLog = accessLog;
        _description = description;
        _traffic = traffic;
        _time = time;
        Span = span;
        _started = time.GetTimestamp();
        _series = metrics.SeriesOf(new TcpLabels(description, ResponseFlag.None));
        _live = _series.Open(traffic);
        accessLog.Opened(description);
    }

    public ConnectionDescription Description => _description;

    /// <summary>The connection's part of a trace; null when it is not traced.</summary>
    public ConnectionSpan? Span { get; }

    /// <summary>Reports the outcome. Only the first call counts: a policy change and the end of the copy may race.</summary>
    public void Complete(ReportedFailure? failure = null) =>
        Report(failure ?? default, isFailed: failure is { Flag: not ResponseFlag.None });

    public void Dispose() => Report(new ReportedFailure(ResponseFlag.None, DrainMessage), isFailed: false);

    private void Report(ReportedFailure failure, bool isFailed)
    {
        if (Interlocked.Exchange(ref _isReported, 1) != 0)
        {
            return;
        }

        _series.Close(_live);
        TcpSeries final = failure.Flag == ResponseFlag.None ? _series : _metrics.SeriesOf(new TcpLabels(_description, failure.Flag));
        final.CountClosed(isFailed);
        ConnectionTotals totals = new(_traffic.ToUpstream, _traffic.ToDownstream, _time.GetElapsedTime(_started));
        _accessLog.Completed(_description, totals, failure);
        Span?.End(_description, totals, failure);
    }
}
