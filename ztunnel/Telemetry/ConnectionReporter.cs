using System.Net;
using Ambient.Mesh.Telemetry;
using Ambient.Ztunnel.Otlp;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>Where the connection stories report to. Nothing else writes connection metrics or access lines.</summary>
internal sealed class ConnectionReporter(TcpMetrics metrics, AccessLog accessLog, TimeProvider time)
{
    /// <summary>Null when no collector was named: nothing is traced then.</summary>
    public ConnectionTracing? Tracing { get; init; }

    /// <summary>Opens the record of an accounted connection: counted as opened from here on.</summary>
    /// <param name="description">What is known of it.</param>
    /// <param name="traffic">Its live counters.</param>
    /// <param name="parent">What the peer said of the trace that it is part of.</param>
    public ConnectionRecord Open(ConnectionDescription description, ITrafficReader traffic, TraceParent? parent = null) =>
        new(metrics, accessLog, description, traffic, time, Tracing?.Start(parent));

    /// <summary>A connection refused before it was accounted (node-proxy 9.3): one warning line, no metric.</summary>
    public void Refused(TrafficDirection direction, IPEndPoint source, IPEndPoint destination, string error, string? hint) =>
        accessLog.Refused(direction, source, destination, error, hint);
}
