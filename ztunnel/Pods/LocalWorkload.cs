using Ambient.Mesh.Addresses;
using Ambient.Mesh.Identities;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Transport.Lifetime;
using Ambient.Ztunnel.Configuration;

namespace Ambient.Ztunnel.Pods;

/// <summary>The pod that one proxy serves, as the mesh knows it: looked up by name, restricted to this node (node-proxy 2.2 step 4).</summary>
internal sealed class LocalWorkload(MeshStore store, WorkloadInfo info, IOnDemandResources onDemand)
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

    /// <summary>The refusal when the control plane did not say what an address is.</summary>
    public static ConnectionFailure NotAnswered { get; } = new(
        FailurePhase.Route,
        FailureSide.Proxy,
        FailureReason.TimedOut,
        "the control plane did not say what the destination is",
        "XDS_ON_DEMAND is on and no answer came within 5 s: look at the control plane and at istio_xds_connection_terminations_total.");

    /// <summary>Waits up to 5 s for the control plane to deliver the workload; null when it did not.</summary>
    public ValueTask<Workload?> FindAsync() =>
        store.WaitForLocalWorkloadAsync(info.Name, info.Namespace, info.ServiceAccount, Patience);

    /// <summary>A snapshot that holds the address, or in which it does not exist; asks the control plane when that is how the mesh is learnt.</summary>
    /// <returns>Null when the control plane did not answer for 5 s: whether the address may be reached in the clear is not known then.</returns>
    public ValueTask<MeshSnapshot?> SnapshotWithAsync(string network, MeshIp ip)
    {
        MeshSnapshot snapshot = store.Current;
        return !onDemand.IsActive || !snapshot.FindAddress(network, ip, clientNamespace: null).IsNone
            ? new ValueTask<MeshSnapshot?>(snapshot)
            : new ValueTask<MeshSnapshot?>(FetchAsync(network, ip));
    }

    private async Task<MeshSnapshot?> FetchAsync(string network, MeshIp ip)
    {
        using CancellationTokenSource limit = new(Patience);
        try
        {
            await onDemand.FetchAddressAsync(network, ip, limit.Token);
            return store.Current;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

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
