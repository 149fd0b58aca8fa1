namespace Ambient.Hbone;

/// <summary>Limits of the client's tunnel pool (node-proxy 1.6).</summary>
/// <param name="MaxStreamsPerConnection">Streams after which a tunnel is given to nobody else.</param>
/// <param name="UnusedReleaseTimeout">Time after its last use at which the pool lets a tunnel go.</param>
public sealed record HbonePoolOptions(int MaxStreamsPerConnection, TimeSpan UnusedReleaseTimeout)
{
    /// <summary>
    /// For the answer to a CONNECT. Our own server needs at most 15 s (wait for the workload, connect); the reference has no limit, so there a
    /// peer that answers PINGs but no request holds every connection made to it for ever.
    /// </summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public static HbonePoolOptions Default { get; } = new(100, TimeSpan.FromMinutes(5));
}
