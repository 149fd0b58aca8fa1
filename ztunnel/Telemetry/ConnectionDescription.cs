using System.Net;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>Everything that is reported of a connection and known when its request is built.</summary>
/// <param name="SourceIdentity">
/// Proven by mTLS: the peer's certificate inbound, our own outbound over HBONE. Null for plaintext.
/// </param>
/// <param name="Destination">The next hop of an outbound connection (a waypoint, say), not the final one.</param>
/// <param name="DestinationIdentity">The workload's identity, for plaintext too (node-proxy 9.3).</param>
/// <param name="HboneAddress">The authority of the CONNECT request, as text.</param>
/// <param name="IsMutualTls">True over HBONE.</param>
internal sealed record ConnectionDescription(
    TrafficDirection Direction,
    IPEndPoint SourceAddress,
    WorkloadDescription? Source,
    string? SourceIdentity,
    IPEndPoint DestinationAddress,
    string? HboneAddress,
    ServiceDescription? Service,
    WorkloadDescription? Destination,
    string? DestinationIdentity,
    bool IsMutualTls);
