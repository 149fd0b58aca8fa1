using System.Diagnostics.CodeAnalysis;
using Ambient.Certs;
using Ambient.Mesh.Identities;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Testing.Certs;
using Ambient.Testing.Mesh;
using Ambient.Ztunnel.Certificates;

namespace Ambient.UnitTests.Ztunnel.Certificates;

/// <summary>node-proxy 11.1 test_prefetch_forget_certs: which identities a node keeps certificates for.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposed by IAsyncLifetime")]
public sealed class CertificateDemandTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly MeshStore _mesh;
    private readonly CertificateStore _store;
    private readonly CertificateDemand _demand;

    public CertificateDemandTests()
    {
        _mesh = new MeshStore(_time, new TestMesh("node-a").Snapshot());
        _demand = new CertificateDemand();
        _store = new CertificateStore(new ScriptedSource(), _time) { IsNeeded = _demand.Needs };
        _demand.Attach(_store);
    }

    public Task InitializeAsync()
    {
        _demand.Follow(_mesh);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _demand.Dispose();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_workload_of_this_node_is_warmed_up_and_one_of_another_node_is_not()
    {
        Workload local = TestMesh.Pod("web");
        Workload remote = TestMesh.Pod("far") with { Node = "node-b" };
        _mesh.Update(builder => builder.UpsertWorkload(remote).UpsertWorkload(local));

        await UntilAsync(local.Identity);
    }

    [Fact]
    public async Task One_identity_is_fetched_once_for_several_workloads_and_forgotten_with_the_last()
    {
        Workload first = TestMesh.Pod("web-1") with { ServiceAccount = "web" };
        Workload second = TestMesh.Pod("web-2") with { ServiceAccount = "web" };
        Workload other = TestMesh.Pod("other");
        _mesh.Update(builder => builder.UpsertWorkload(first).UpsertWorkload(second));
        await UntilAsync(first.Identity);

        _mesh.Update(builder => builder.RemoveWorkload(first.Uid));
        _mesh.Update(builder => builder.UpsertWorkload(other));
        await UntilAsync(other.Identity, first.Identity);

        _mesh.Update(builder => builder.RemoveWorkload(second.Uid));
        await UntilAsync(other.Identity);
    }

    [Fact]
    public async Task An_identity_that_a_served_pod_may_ask_for_stays_although_its_workload_is_gone()
    {
        Workload workload = TestMesh.Pod("web");
        Workload other = TestMesh.Pod("other");
        _mesh.Update(builder => builder.UpsertWorkload(workload).UpsertWorkload(other));
        _demand.Serve(new HashSet<(string, string)> { ("shop", "web") });
        await UntilAsync(other.Identity, workload.Identity);

        _mesh.Update(builder => builder.RemoveWorkload(workload.Uid));
        _mesh.Update(builder => builder.RemoveWorkload(other.Uid));
        await UntilAsync(workload.Identity);

        _demand.Serve(new HashSet<(string, string)>());
        await UntilAsync();
    }

    [Fact]
    public async Task A_pod_that_leaves_does_not_take_the_certificate_of_a_workload_that_is_still_here()
    {
        Workload workload = TestMesh.Pod("web");
        _mesh.Update(builder => builder.UpsertWorkload(workload));
        await UntilAsync(workload.Identity);

        _demand.Serve(new HashSet<(string, string)>());

        await UntilAsync(workload.Identity);
    }

    [Fact]
    public async Task A_workload_without_tunnels_needs_no_certificate_unless_it_speaks_hbone_itself()
    {
        Workload plain = TestMesh.Pod("plain") with { Protocol = TunnelProtocol.Tcp };
        Workload native = TestMesh.Pod("native") with { Protocol = TunnelProtocol.Tcp, NativeTunnel = true };
        _mesh.Update(builder => builder.UpsertWorkload(plain).UpsertWorkload(native));

        await UntilAsync(native.Identity);
    }

    [Fact]
    public async Task A_workload_that_comes_under_another_trust_domain_is_another_identity()
    {
        Workload workload = TestMesh.Pod("web");
        _mesh.Update(builder => builder.UpsertWorkload(workload));
        await UntilAsync(workload.Identity);

        Workload moved = workload with { TrustDomain = "new.example" };
        _mesh.Update(builder => builder.UpsertWorkload(moved));

        await UntilAsync(moved.Identity);
    }

    [Fact]
    public async Task A_node_without_a_name_warms_nothing_up()
    {
        var mesh = new MeshStore(_time, new TestMesh().With(TestMesh.Pod("web")).Snapshot());
        using var demand = new CertificateDemand();
        demand.Attach(_store);
        demand.Follow(mesh);

        // The marker comes later on the same pool and shows that the update has run.
        Workload marker = TestMesh.Pod("marker");
        _mesh.Update(builder => builder.UpsertWorkload(marker));
        await UntilAsync(marker.Identity);
    }

    private async Task UntilAsync(params SpiffeId[] expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!_store.Snapshot().Select(state => state.Identity).SequenceEqual(expected.OrderBy(id => id.ToString(), StringComparer.Ordinal)))
        {
            Assert.False(limit.IsCancellationRequested, $"kept: {string.Join(", ", _store.Snapshot().Select(state => state.Identity))}");
            await Task.Yield();
        }
    }
}
