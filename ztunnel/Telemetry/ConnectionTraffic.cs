using Ambient.Transport.Copying;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>The counters that a copy writes, as metrics and access log read them.</summary>
internal sealed class ConnectionTraffic : ITrafficReader
{
    public TrafficCounters Counters { get; } = new();

    public long ToUpstream => Counters.ToUpstream;

    public long ToDownstream => Counters.ToDownstream;
}
