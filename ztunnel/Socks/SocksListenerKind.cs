using System.Net;
using Ambient.Ztunnel.Pods;

namespace Ambient.Ztunnel.Socks;

/// <summary>The SOCKS5 listener of a pod, on its loopback address (node-proxy 1.9), with tunnels of its own (1.6).</summary>
internal sealed class SocksListenerKind(IPEndPoint endPoint, SocksNames names) : IPodListenerKind
{
    public void Open(PodListeners listeners, PodParts parts)
    {
        SocksConnection connections = new(parts, parts.Outbound.Open(), names);
        listeners.Open(parts.Sockets.Socks(endPoint), "socks5", _ => connections.AcceptAsync);
    }
}
