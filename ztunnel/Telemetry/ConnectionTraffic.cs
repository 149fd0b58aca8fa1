using Ambient.Transport.Copying;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>The counters that a copy writes, as metrics and access log read them.</summary>
internal sealed class ConnectionTraffic : TrafficCounters, ITrafficReader;
