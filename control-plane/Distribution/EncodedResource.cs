using System.Collections.Immutable;

namespace Ambient.ControlPlane.Distribution;

/// <summary>The content of a resource, as bytes of the discovery protocol.</summary>
public sealed record EncodedResource
{
    /// <summary>A hash of the content: the same in every replica and after every restart (control-plane-and-cni 5.11).</summary>
    public required string Version { get; init; }

    /// <summary>A <c>Resource</c> message without its aliases: version, payload, name.</summary>
    public required byte[] Body { get; init; }

    /// <summary>Other names under which it can be asked for: <c>network/address</c> (control-plane-and-cni 5.3).</summary>
    public required ImmutableArray<string> Aliases { get; init; }

    /// <summary>Names of the services that a workload belongs to.</summary>
    public required ImmutableArray<string> Services { get; init; }

    /// <summary>The node that a workload runs on; "" for anything else.</summary>
    public required string Node { get; init; }
}
