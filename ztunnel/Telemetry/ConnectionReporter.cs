using System.Net;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>Where the connection stories report to. Nothing else writes connection metrics or access lines.</summary>
internal sealed class ConnectionReporter(TcpMetrics metrics, AccessLog accessLog, TimeProvider time)
{
    /// <summary>Opens the record of an accounted connection: counted as opened from here on.</summary>
    public ConnectionRecord Open(ConnectionDescription description, ITrafficReader traffic) =>
        new(metrics, accessLog, description, traffic, time);

    /// <summary>A connection refused before it was accounted (node-proxy 9.3): one warning line, no metric.</summary>
    public void Refused(TrafficDirection direction, IPEndPoint source, IPEndPoint destination, string error, string? hint) =>
        accessLog.Refused(direction, source, destination, error, hint);
}
