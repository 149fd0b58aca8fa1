using System.Net;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;

namespace Ambient.Hbone;

/// <summary>What both ends of a tunnel need to know.</summary>
/// <param name="Client">HTTP/2 settings as client.</param>
/// <param name="Server">HTTP/2 settings as server.</param>
/// <param name="HandshakeTimeout">
/// Time for a TLS handshake. The reference proxy has no limit on the accepting side; ours bounds what a peer that never completes can hold.
/// </param>
public sealed record HboneOptions(Http2Options Client, Http2Options Server, TimeSpan HandshakeTimeout)
{
    public static HboneOptions Default { get; } = new(Http2Options.ForClient, Http2Options.ForServer, TimeSpan.FromSeconds(10));

    public TunnelTimes Times { get; init; } = TunnelTimes.Default;

    /// <summary>Told of every tunnel that comes up; null where nobody needs to know.</summary>
    public ITunnelTracker? Tracker { get; init; }

    /// <summary>Told, on the tunnel's loop, of a server whose PING answers stopped (node-proxy 1.2.1); null where nobody needs to know.</summary>
    public Action<IPEndPoint>? ServerLost { get; init; }
}
