using System.Net;
using Ambient.Mesh.Workloads;

namespace Ambient.Ztunnel.Outbound;

/// <summary>A connection that an application has made.</summary>
/// <param name="Source">The workload of the pod.</param>
/// <param name="Application">The application's socket: the peer address of the captured connection.</param>
/// <param name="Destination">Where the application wanted to go.</param>
internal readonly record struct OutboundRequest(Workload Source, IPEndPoint Application, IPEndPoint Destination);
