using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;

namespace Ambient.Mesh.State;

/// <summary>
/// Asks the control plane for a resource that the snapshot does not hold (node-proxy 3.3). Call it only after a lookup found nothing, then
/// look again in a new snapshot: when a call completes, the answer has been applied, be it the resource or that there is none. The waiting
/// costs no thread; awaited on an event loop it resumes there. There is no time limit but the caller's token.
/// </summary>
public interface IOnDemandResources
{
    /// <summary>False when everything is subscribed to or nothing is asked: what the snapshot does not hold does not exist.</summary>
    bool IsActive { get; }

    /// <summary>A workload or a service with that address.</summary>
    ValueTask FetchAddressAsync(string network, MeshIp ip, CancellationToken cancellation = default);

    ValueTask FetchServiceAsync(ServiceKey service, CancellationToken cancellation = default);

    ValueTask FetchWorkloadAsync(string uid, CancellationToken cancellation = default);
}
