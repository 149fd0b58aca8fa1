using System.Net;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;

namespace Ambient.Ztunnel.Inbound;

/// <summary>Authorise, then connect to the application.</summary>
/// <param name="Upstream">Where to connect: the pod itself, or its loopback address for a local application tunnel.</param>
internal sealed record ForwardRoute(IPEndPoint Upstream) : InboundRoute
{
    /// <summary>The pod's own address and the resolved port: what policies judge (node-proxy 2.4 step 5), before any tunnel port override.</summary>
    public required MeshIp DestinationIp { get; init; }

    public required ushort ResolvedPort { get; init; }

    /// <summary>Bind to this address instead of the caller's; only for an application tunnel on loopback (node-proxy 1.8).</summary>
    public IPAddress? LoopbackSource { get; init; }

    /// <summary>The destination address of the PROXY header to write after the 200; null when none is to be written.</summary>
    public IPEndPoint? ProxyDestination { get; init; }

    /// <summary>The service to report, for telemetry only.</summary>
    public Service? DestinationService { get; init; }
}
