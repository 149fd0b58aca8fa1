using Ambient.Mesh.Services;
using Ambient.Mesh.Workloads;

namespace Ambient.Ztunnel.Outbound;

/// <summary>What to do with a connection of an application: one of the records derived from this one, each performed as it says.</summary>
internal abstract record OutboundRoute
{
    /// <summary>
    /// The workload that the proxy connects to: the waypoint or gateway where there is one. Null for an unknown destination, which gets
    /// no destination labels (node-proxy 9.3).
    /// </summary>
    public Workload? NextHop { get; init; }

    /// <summary>The service that the application asked for, whatever stands in between: the destination service of telemetry.</summary>
    public Service? IntendedService { get; init; }
}
