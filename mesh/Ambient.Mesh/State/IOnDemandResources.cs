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

    /// <exception cref="OperationCanceledException">The caller gave up. When nobody else waits for the name, it is no longer asked for.</exception>
    ValueTask FetchAsync(ResourceName name, CancellationToken cancellation = default);
}
