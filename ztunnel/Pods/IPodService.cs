using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel.Pods;

/// <summary>
/// Something of a pod's proxy that is not an accept loop, such as a UDP server. Its sockets are open when it is handed to
/// <see cref="PodListeners.Add"/>; disposing it before it was served closes them.
/// </summary>
internal interface IPodService : IDisposable
{
    /// <summary>Serves until the registry drains; completes with the failure that killed it, or with null once it has stopped.</summary>
    Task<ConnectionFailure?> ServeAsync(ConnectionRegistry registry);
}
