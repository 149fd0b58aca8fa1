using System.Collections.Immutable;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Waypoints;

/// <summary>The waypoint of an object, or why it has none.</summary>
internal sealed record WaypointBinding
{
    /// <summary>No waypoint was asked for.</summary>
    public static WaypointBinding None { get; } = new();

    /// <summary>The waypoint that was asked for; null when none was.</summary>
    public GatewayName? Asked { get; init; }

    /// <summary>Whether the namespace asked for it, not the object.</summary>
    public bool Inherited { get; init; }

    /// <summary>Where it is; null when it cannot be used.</summary>
    public GatewayAddressMessage? Address { get; init; }

    /// <summary>The waypoint that is used; null when none is.</summary>
    public GatewayName? Used => Address is null ? null : Asked;

    /// <summary>Why it cannot be used: one of the reasons of the condition; null when it can.</summary>
    public string? Reason { get; init; }

    /// <summary>The reason for a person, with what to do.</summary>
    public string Message { get; init; } = "";

    /// <summary>The second waypoint of a shift, that can be used.</summary>
    public GatewayName? Canary { get; init; }

    /// <summary>Where the second waypoint is.</summary>
    public GatewayAddressMessage? CanaryAddress { get; init; }

    /// <summary>Percent of connections that go to the second waypoint.</summary>
    public uint CanaryWeight { get; init; }

    /// <summary>Why the second waypoint cannot be used.</summary>
    public string? CanaryReason { get; init; }

    public string CanaryMessage { get; init; } = "";

    /// <summary>Whether ingress gateways are asked to go through it too.</summary>
    public bool Ingress { get; init; }

    public IEnumerable<WeightedWaypointMessage> Weighted() => Address is null || CanaryAddress is null
        ? ImmutableArray<WeightedWaypointMessage>.Empty
        :
        [
            new WeightedWaypointMessage { Destination = Address.Clone(), Weight = 100 - CanaryWeight },
            new WeightedWaypointMessage { Destination = CanaryAddress.Clone(), Weight = CanaryWeight },
        ];
}
