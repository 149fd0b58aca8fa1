using Ambient.Certs;
using Ambient.Mesh.Identities;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;

namespace Ambient.Ztunnel.Certificates;

/// <summary>
/// Whose certificates this node needs: those of the mesh's workloads on this node, fetched before the first connection asks, and those of
/// the pods that are served. Who is in neither group is forgotten (node-proxy 5.5, 11.1 test_prefetch_forget_certs). Thread-safe.
/// </summary>
internal sealed class CertificateDemand : IDisposable
{
    private readonly Lock _gate = new();
    private CertificateStore? _store;
    private MeshStore? _mesh;
    private volatile HashSet<SpiffeId> _local = [];
    private volatile IReadOnlySet<(string Namespace, string ServiceAccount)> _served = new HashSet<(string, string)>();
    private int _isScheduled;
    private bool _isDisposed;

    private CertificateStore Store => _store ?? throw new InvalidOperationException("The store comes first.");

    /// <summary>The store that is told; set once, before anything else is called.</summary>
    public void Attach(CertificateStore store) => _store = store;

    /// <summary>For <see cref="CertificateStore.IsNeeded"/>.</summary>
    public bool Needs(SpiffeId identity) => _local.Contains(identity) || _served.Contains((identity.Namespace, identity.ServiceAccount));

    /// <summary>Follows the workloads of this node from now on. A node without a name cannot tell its own, and fetches on demand only.</summary>
    public void Follow(MeshStore mesh)
    {
        _mesh = mesh;
        mesh.Changed += OnChanged;
        Schedule();
    }

    /// <summary>Namespace and service account of every pod that is served now.</summary>
    public void Serve(IReadOnlySet<(string Namespace, string ServiceAccount)> served)
    {
        lock (_gate)
        {
            _served = served;
            foreach (CertificateState state in Store.Snapshot())
            {
                ForgetUnlessNeeded(state.Identity);
            }
        }
    }

    public void Dispose()
    {
        _mesh?.Changed -= OnChanged;
        lock (_gate)
        {
            _isDisposed = true;
        }
    }

    /// <summary>A workload that speaks no HBONE has no use for a certificate.</summary>
    private static bool NeedsCertificate(Workload workload) => workload.Protocol == TunnelProtocol.Hbone || workload.NativeTunnel;

    private void OnChanged(MeshChange change)
    {
        if (!change.Current.HasSameLocalWorkloads(change.Previous))
        {
            Schedule();
        }
    }

    /// <summary>On the pool, and once for many changes: the mesh is being replaced right now.</summary>
    private void Schedule()
    {
        if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static demand => demand.Update(), this, preferLocal: false);
        }
    }

    private void Update()
    {
        Volatile.Write(ref _isScheduled, 0);
        Interlocked.MemoryBarrier();
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            MeshSnapshot snapshot = _mesh!.Current;
            HashSet<SpiffeId> before = _local;
            _local = snapshot.NodeName is null
                ? []
                : snapshot.LocalWorkloads.Where(NeedsCertificate).Select(workload => workload.Identity).ToHashSet();
            foreach (SpiffeId identity in _local.Except(before))
            {
                Store.Prefetch(identity);
            }

            foreach (SpiffeId identity in before.Except(_local))
            {
                ForgetUnlessNeeded(identity);
            }
        }
    }

    private void ForgetUnlessNeeded(SpiffeId identity)
    {
        if (!Needs(identity))
        {
            Store.Forget(identity);
        }
    }
}
