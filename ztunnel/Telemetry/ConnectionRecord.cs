using Ambient.Transport.Lifetime;
using Ambient.Ztunnel.Otlp;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>
/// The one report of one accounted connection: opened when made, closed exactly once. Disposing a record that was not
/// completed reports the drain (node-proxy 9.3).
/// </summary>
internal sealed class ConnectionRecord : IDisposable
{
    private static readonly ConnectionFailure Drained = new(
        FailurePhase.Drain, FailureSide.Proxy, FailureReason.Draining, "connection closed due to connection drain");

    private readonly ConnectionReporter _reporter;
    private readonly ConnectionDescription _description;
    private readonly ITrafficReader _traffic;
    private readonly long _started;
    private readonly TcpSeries _series;
    private readonly TcpSeries.LiveEntry _live;
    private int _isReported;

    internal ConnectionRecord(
        ConnectionReporter reporter, ConnectionDescription description, ITrafficReader traffic, ConnectionSpan? span, long started)
    {
        _reporter = reporter;
        _description = description;
        _traffic = traffic;
        Span = span;
        _started = started;
        _series = reporter.Metrics.SeriesOf(new TcpLabels(description, ResponseFlag.None));
        _live = _series.Open(traffic);
        reporter.AccessLog.Opened(description);
    }

    public ConnectionDescription Description => _description;

    /// <summary>The connection's part of a trace; null when it is not traced.</summary>
    public ConnectionSpan? Span { get; }

    /// <summary>Reports the outcome. Only the first call counts: a policy change and the end of the copy may race.</summary>
    public void Complete(ReportedFailure? failure = null) =>
        Report(failure ?? default, isFailed: failure is { Flag: not ResponseFlag.None });

    public void Dispose() => Report(new ReportedFailure(ResponseFlag.None, Drained), isFailed: false);

    private void Report(ReportedFailure failure, bool isFailed)
    {
        if (Interlocked.Exchange(ref _isReported, 1) != 0)
        {
            return;
        }

        _series.Close(_live);
        TcpSeries final = failure.Flag == ResponseFlag.None ? _series : _reporter.Metrics.SeriesOf(new TcpLabels(_description, failure.Flag));
        final.CountClosed(isFailed);
        ConnectionTotals totals = new(_traffic.ToUpstream, _traffic.ToDownstream, _reporter.Time.GetElapsedTime(_started));
        _reporter.AccessLog.Completed(_description, totals, failure);
        Span?.End(_description, totals, failure);
        if (isFailed)
        {
            _reporter.Failed(_description, totals, failure.Flag, failure.Cause!);
        }
    }
}
