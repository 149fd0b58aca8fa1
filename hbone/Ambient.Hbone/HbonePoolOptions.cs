namespace Ambient.Hbone;

/// <summary>Limits of the client's tunnel pool (node-proxy 1.6).</summary>
/// <param name="MaxStreamsPerConnection">Streams after which a tunnel is given to nobody else.</param>
/// <param name="UnusedReleaseTimeout">Time after its last use at which the pool lets a tunnel go.</param>
public sealed record HbonePoolOptions(int MaxStreamsPerConnection, TimeSpan UnusedReleaseTimeout)
{
    public static HbonePoolOptions Default { get; } = new(100, TimeSpan.FromMinutes(5));
}
