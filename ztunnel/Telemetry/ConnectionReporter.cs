using System.Net;
using Ambient.Transport.Lifetime;
using Ambient.Ztunnel.Configuration;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>Where the connection stories report to. Nothing else writes connection metrics, access lines or the list of failures.</summary>
internal sealed class ConnectionReporter(TcpMetrics metrics, AccessLog accessLog, RecentFailures failures, TimeProvider time)
{
    /// <summary>The pod whose connections are reported; null is none in particular.</summary>
    public WorkloadInfo? Pod { get; init; }

    internal TcpMetrics Metrics => metrics;

    internal AccessLog AccessLog => accessLog;

    internal TimeProvider Time => time;

    /// <summary>The same, for the connections of one pod.</summary>
    public ConnectionReporter For(WorkloadInfo pod) => new(metrics, accessLog, failures, time) { Pod = pod };

    /// <summary>Opens the record of an accounted connection: counted as opened from here on.</summary>
    /// <param name="description">What is known of it.</param>
    /// <param name="traffic">Its live counters.</param>
    /// <param name="started">A time stamp of the time provider, for a connection that began before; null is now.</param>
    public ConnectionRecord Open(ConnectionDescription description, ITrafficReader traffic, long? started = null) =>
        new(this, description, traffic, started ?? time.GetTimestamp());

    /// <summary>A time stamp for <see cref="Open"/>.</summary>
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
