namespace Ambient.Certs.Scheduling;

/// <summary>Who waits for a fetch; the smaller value goes first (node-proxy 5.5).</summary>
internal enum FetchPriority
{
    /// <summary>A connection waits.</summary>
    RealTime,

    /// <summary>A connection may come soon.</summary>
    Warmup,

    /// <summary>A renewal: there is time.</summary>
    Background,
}
