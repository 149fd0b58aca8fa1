using System.Net;
using Ambient.Mesh.Telemetry;
using Ambient.Transport.Lifetime;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Otlp;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>Where the connection stories report to. Nothing else writes connection metrics, access lines or the list of failures.</summary>
internal sealed class ConnectionReporter(TcpMetrics metrics, AccessLog accessLog, RecentFailures failures, TimeProvider time)
{
    /// <summary>The pod whose connections are reported; null is none in particular.</summary>
    public WorkloadInfo? Pod { get; init; }

    /// <summary>Null when no collector was named: nothing is traced then.</summary>
    public ConnectionTracing? Tracing { get; init; }

    internal TcpMetrics Metrics => metrics;

    internal AccessLog AccessLog => accessLog;

    internal TimeProvider Time => time;

    /// <summary>The same, for the connections of one pod.</summary>
    public ConnectionReporter For(WorkloadInfo pod) => new(metrics, accessLog, failures, time) { Pod = pod, Tracing = Tracing };

    /// <summary>Opens the record of an accounted connection: counted as opened from here on.</summary>
    /// <param name="description">What is known of it.</param>
    /// <param name="traffic">Its live counters.</param>
    /// <param name="parent">What the peer said of the trace that it is part of.</param>
    public ConnectionRecord Open(ConnectionDescription description, ITrafficReader traffic, TraceParent? parent = null) =>
        new(this, description, traffic, Tracing?.Start(parent), time.GetTimestamp());

    /// <summary>Opens the record of a connection that began before it could be described.</summary>
    /// <param name="description">What is known of it.</param>
    /// <param name="traffic">Its live counters.</param>
    /// <param name="span">Its span, started by <see cref="Tracing"/>; null is none.</param>
    /// <param name="started">When it began: an earlier <see cref="Now"/>.</param>
    public ConnectionRecord Open(ConnectionDescription description, ITrafficReader traffic, ConnectionSpan? span, long started) =>
        new(this, description, traffic, span, started);

    /// <summary>A time stamp.</summary>
    public long Now => time.GetTimestamp();

    /// <summary>A connection refused before it was accounted (node-proxy 9.3): one warning line, no metric.</summary>
    public void Refused(TrafficDirection direction, IPEndPoint source, IPEndPoint destination, ConnectionFailure failure)
    {
        accessLog.Refused(direction, source, destination, failure);
        failures.Add(new FailureEntry(
            time.GetUtcNow(), Pod, direction, source, destination, null, null, FailureReport.Of(failure).Flag, failure));
    }

    internal void Failed(ConnectionDescription description, ConnectionTotals totals, ResponseFlag flag, ConnectionFailure failure) =>
        failures.Add(new FailureEntry(
            time.GetUtcNow(), Pod, description.Direction, description.SourceAddress, description.DestinationAddress, description, totals, flag, failure));
}
