using Ambient.Mesh.Identities;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Transport.Lifetime;
using Ambient.Ztunnel.Configuration;

namespace Ambient.Ztunnel.Pods;

/// <summary>The pod that one proxy serves, as the mesh knows it: looked up by name, restricted to this node (node-proxy 2.2 step 4).</summary>
internal sealed class LocalWorkload(MeshStore store, WorkloadInfo info)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private IdentityText? _identity;

    public LocalWorkloadKey Key { get; } = new(info.Namespace, info.ServiceAccount, info.Name);

    public WorkloadInfo Info => info;

    public MeshSnapshot Snapshot => store.Current;

    /// <summary>The access-log error of a pod that stayed unknown.</summary>
    public string NotFoundError => $"failed to fetch information about local workload: {Key}";

    /// <summary>The refusal when the pod stayed unknown.</summary>
    public ConnectionFailure NotFound => new(
        FailurePhase.LocalLookup,
        FailureSide.Proxy,
        FailureReason.UnknownWorkload,
        NotFoundError,
        Hints.LocalWorkload);

    /// <summary>Waits up to 5 s for the control plane to deliver the workload; null when it did not.</summary>
    public ValueTask<Workload?> FindAsync() =>
        store.WaitForLocalWorkloadAsync(info.Name, info.Namespace, info.ServiceAccount, Patience);

    /// <summary>The trust domain is the mesh's word, namespace and account are the node's: a workload record cannot lend another's identity.</summary>
    public SpiffeId IdentityIn(Workload workload) => new(workload.TrustDomain, info.Namespace, info.ServiceAccount);

    /// <summary>The same as text, which all connections of the pod share.</summary>
    public string IdentityTextIn(Workload workload)
    {
        IdentityText? known = Volatile.Read(ref _identity);
        if (known is null || known.TrustDomain != workload.TrustDomain)
        {
            known = new IdentityText(workload.TrustDomain, IdentityIn(workload).ToString());
            Volatile.Write(ref _identity, known);
        }

        return known.Text;
    }

    private sealed record IdentityText(string TrustDomain, string Text);
}
