namespace Ambient.Ztunnel.Telemetry;

/// <summary><c>istio_tcp_sockets_open</c>: up on accept, down when the handler ends (node-proxy 9.3).</summary>
internal sealed class SocketGauge : IMetricSource
{
    private long _outbound;
    private long _inbound;

    public void Opened(TrafficDirection direction) => Interlocked.Increment(ref Cell(direction));

    public void Closed(TrafficDirection direction) => Interlocked.Decrement(ref Cell(direction));

    /// <summary>Counts as open until it is disposed.</summary>
    public Entry Enter(TrafficDirection direction)
    {
        Opened(direction);
        return new Entry(this, direction);
    }

    public void WriteTo(MetricsWriter writer)
    {
        writer.Sample(MetricCatalogue.SocketsOpen, "reporter=\"source\"", Volatile.Read(ref _outbound));
        writer.Sample(MetricCatalogue.SocketsOpen, "reporter=\"destination\"", Volatile.Read(ref _inbound));
    }

    private ref long Cell(TrafficDirection direction) => ref direction == TrafficDirection.Outbound ? ref _outbound : ref _inbound;

    /// <summary>One open socket.</summary>
    internal readonly struct Entry(SocketGauge gauge, TrafficDirection direction) : IDisposable
    {
        public void Dispose() => gauge.Closed(direction);
    }
}
