using System.Net;

namespace Ambient.Ztunnel.Admin;

/// <param name="OriginalDestination">Outbound: where the application connected to. Inbound: the forwarded host, null when none was given.</param>
/// <param name="ActualDestination">Where the connection really goes.</param>
internal sealed record PodConnection(
    IPEndPoint Source, string? OriginalDestination, string ActualDestination, PodConnectionProtocol Protocol);
