namespace Ambient.Transport.Lifetime;

/// <summary>Who made a connection fail.</summary>
public enum FailureSide
{
    /// <summary>Whoever connected to us.</summary>
    Downstream,

    /// <summary>Whom we connect to.</summary>
    Upstream,

    /// <summary>This process: its policy, its limits, its shutdown.</summary>
    Proxy,
}
