namespace Ambient.ControlPlane.Xds;

/// <summary>What one proxy may ask of the control plane, and how many are served at once.</summary>
public sealed record DiscoveryLimits
{
    /// <summary>A proxy that comes back tells the version of every resource it has: 100 bytes for each of 400,000.</summary>
    public int MaxRequestBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Streams at once; one more is refused (ResourceExhausted).</summary>
    public int MaxStreams { get; init; } = 10_000;

    /// <summary>First pushes of a type at once, each of which can hold the whole mesh (control-plane-and-cni 5.11).</summary>
    public int MaxConcurrentFirstPushes { get; init; } = Math.Min(15 + (5 * Environment.ProcessorCount), 100);

    /// <summary>A proxy must say who it is within this time.</summary>
    public TimeSpan FirstRequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A proxy that takes nothing of a response for this long is cut off.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A stream is ended at this age, up to a tenth earlier, so that proxies spread over new replicas.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(30);
}
