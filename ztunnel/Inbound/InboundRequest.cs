using System.Net;
using Ambient.Mesh.Workloads;

namespace Ambient.Ztunnel.Inbound;

/// <summary>A CONNECT request as far as routing looks at it.</summary>
/// <param name="Local">The workload that this listener serves.</param>
/// <param name="Arrival">The local address of the TCP connection: the pod's address and port 15008.</param>
/// <param name="Authority">The parsed authority.</param>
/// <param name="ForwardedHost">The host of the <c>forwarded</c> header, for telemetry.</param>
internal readonly record struct InboundRequest(Workload Local, IPEndPoint Arrival, InboundAuthority Authority, string? ForwardedHost);
