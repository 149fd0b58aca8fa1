using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.State;

/// <summary>One connection waiting for its workload to become known.</summary>
internal sealed class LocalWorkloadWaiter(LocalWorkloadKey key)
{
    private readonly TaskCompletionSource<Workload?> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Workload?> Found => _found.Task;

    public void Offer(MeshSnapshot snapshot)
    {
        if (snapshot.FindLocalWorkload(key) is { } workload)
        {
            _found.TrySetResult(workload);
        }
    }

    public void GiveUp() => _found.TrySetResult(null);

    public void Cancel(CancellationToken token) => _found.TrySetCanceled(token);
}
