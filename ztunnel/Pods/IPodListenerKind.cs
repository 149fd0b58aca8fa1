using Ambient.Ztunnel.Admin;

namespace Ambient.Ztunnel.Pods;

/// <summary>A kind of listener that every pod's proxy gets beside the three of node-proxy 2.1, such as SOCKS5 or DNS. One object serves all pods.</summary>
internal interface IPodListenerKind
{
    /// <summary>Opens the sockets of one pod with <see cref="PodListeners.Open"/> and <see cref="PodListeners.Add"/>; nothing is served yet.</summary>
    /// <exception cref="StartException">One of them cannot be made; the pod then stays down whole, and is tried again later.</exception>
    void Open(PodListeners listeners, PodParts parts);
}
