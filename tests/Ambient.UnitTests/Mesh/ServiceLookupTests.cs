using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Testing.Mesh;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.UnitTests.Mesh;

/// <summary>Several services on one address or host name (node-proxy 2.3.1, 11.6).</summary>
public class ServiceLookupTests
{
    private const string Vip = "10.96.0.1";

    [Fact]
    public void The_clients_namespace_wins_on_a_shared_address()
    {
        MeshSnapshot snapshot = Shared(Of("a", canonical: true), Of("b"));
        Assert.Equal("b", Find(snapshot, Vip, "b"));
        Assert.Equal("a", Find(snapshot, Vip, "a"));
    }

    [Fact]
    public void Otherwise_the_last_canonical_service_wins_and_else_the_first()
    {
        Assert.Equal("c", Find(Shared(Of("a"), Of("b", canonical: true), Of("c", canonical: true)), Vip, "x"));
        Assert.Equal("a", Find(Shared(Of("a"), Of("b")), Vip, "x"));
        Assert.Equal("a", Find(Shared(Of("a"), Of("b")), Vip, null));
    }

    [Fact]
    public void A_namespace_visible_service_is_found_from_its_own_namespace_only()
    {
        MeshSnapshot snapshot = Shared(Of("a", visibility: Visibility.Namespace));
        Assert.Equal("a", Find(snapshot, Vip, "a"));
        Assert.Null(Find(snapshot, Vip, "b"));
        Assert.Equal("a", Find(snapshot, Vip, null));
        Assert.Equal("a", snapshot.FindServiceByHostname("svc.example", "a")?.Namespace);
        Assert.Null(snapshot.FindServiceByHostname("svc.example", "b"));
        Assert.Equal("a", snapshot.FindServiceByHostname("svc.example", null)?.Namespace);
    }

    [Fact]
    public void The_preferred_namespace_counts_for_host_names_after_canonical()
    {
        MeshSnapshot snapshot = Shared(Of("a"), Of("b"), Of("c"));
        Assert.Equal("b", snapshot.FindServiceByHostname("svc.example", "x", "b")?.Namespace);
        Assert.Equal("c", snapshot.FindServiceByHostname("svc.example", "c", "b")?.Namespace);
        MeshSnapshot canonical = Shared(Of("a"), Of("b"), Of("c", canonical: true));
        Assert.Equal("c", canonical.FindServiceByHostname("svc.example", "x", "b")?.Namespace);
    }

    [Fact]
    public void An_exact_address_filtered_by_visibility_falls_through_to_a_block()
    {
        MeshSnapshot snapshot = Shared(Of("a", visibility: Visibility.Namespace), Cidr("b", "10.96.0.0/16"));
        Assert.Equal("a", Find(snapshot, Vip, "a"));
        Assert.Equal("b", Find(snapshot, Vip, "x"));
    }

    [Theory]
    [InlineData("10.1.2.3", "long")]
    [InlineData("10.9.9.9", "short")]
    [InlineData("11.0.0.1", null)]
    [InlineData("fd00:1::5", "long6")]
    [InlineData("fd00:2::5", "short6")]
    [InlineData("fe00::5", null)]
    public void The_longest_block_of_the_family_matches(string ip, string? expected)
    {
        MeshSnapshot snapshot = Shared(
            Cidr("short", "10.0.0.0/8"), Cidr("long", "10.1.0.0/16"), Cidr("short6", "fd00::/16"), Cidr("long6", "fd00:1::/32"));
        Assert.Equal(expected, Find(snapshot, ip, "x"));
    }

    [Fact]
    public void A_block_that_holds_everything_of_one_family_holds_nothing_of_the_other()
    {
        MeshSnapshot v4 = Shared(Cidr("a", "0.0.0.0/0"));
        Assert.Equal("a", Find(v4, "8.8.8.8", "x"));
        Assert.Null(Find(v4, "::1", "x"));
        MeshSnapshot v6 = Shared(Cidr("a", "::/0"));
        Assert.Null(Find(v6, "8.8.8.8", "x"));
    }

    [Theory]
    [InlineData("10.96.0.1")]
    [InlineData("fd00::1")]
    public void An_exact_address_beats_every_block_even_of_the_clients_namespace(string ip)
    {
        string block = ip.Contains(':', StringComparison.Ordinal) ? "fd00::/127" : "10.96.0.0/31";
        Service exact = Of("a") with { Vips = [TestMesh.Vip(ip)] };
        Assert.Equal("a", Find(Shared(exact, Cidr("x", block)), ip, "x"));
    }

    [Fact]
    public void An_exact_IPv4_address_and_an_IPv6_block_do_not_disturb_each_other()
    {
        MeshSnapshot snapshot = Shared(Of("a"), Cidr("b", "fd00::/16"));
        Assert.Equal("a", Find(snapshot, Vip, "x"));
        Assert.Equal("b", Find(snapshot, "fd00::9", "x"));
    }

    [Fact]
    public void The_clients_namespace_beats_a_longer_block()
    {
        MeshSnapshot snapshot = Shared(Cidr("mine", "10.0.0.0/8"), Cidr("other", "10.1.0.0/16"));
        Assert.Equal("mine", Find(snapshot, "10.1.2.3", "mine"));
        Assert.Equal("other", Find(snapshot, "10.1.2.3", "other"));
        Assert.Equal("other", Find(snapshot, "10.1.2.3", "x"));
    }

    [Fact]
    public void Among_equal_blocks_the_namespace_then_canonical_decides()
    {
        MeshSnapshot snapshot = Shared(Cidr("a", "10.0.0.0/8"), Cidr("b", "10.0.0.0/8") with { Canonical = true }, Cidr("c", "10.0.0.0/8"));
        Assert.Equal("b", Find(snapshot, "10.1.1.1", "x"));
        Assert.Equal("c", Find(snapshot, "10.1.1.1", "c"));
    }

    [Fact]
    public void Blocks_and_addresses_belong_to_their_network()
    {
        Service service = Of("a") with
        {
            Vips = [new NetworkAddress("net1", Ip(Vip))],
            CidrVips = [new NetworkPrefix("net1", Prefix("10.0.0.0/8"))],
        };
        MeshSnapshot snapshot = Shared(service);
        Assert.NotNull(snapshot.FindServiceByVip("net1", Ip(Vip), null));
        Assert.NotNull(snapshot.FindServiceByVip("net1", Ip("10.1.1.1"), null));
        Assert.Null(snapshot.FindServiceByVip("net2", Ip(Vip), null));
        Assert.Null(snapshot.FindServiceByVip(string.Empty, Ip("10.1.1.1"), null));
    }

    [Fact]
    public void Removal_leaves_no_block_behind_and_an_equal_one_in_place()
    {
        Service first = Cidr("a", "10.0.0.0/8");
        Service second = Cidr("b", "10.128.0.0/8");
        MeshSnapshotBuilder builder = Shared(first, second).ToBuilder();
        Assert.True(builder.RemoveService(first.Key));
        Assert.Equal("b", Find(builder.Build(), "10.1.1.1", "x"));
        Assert.True(builder.RemoveService(second.Key));
        Assert.Null(Find(builder.Build(), "10.1.1.1", "x"));
    }

    [Fact]
    public void A_service_update_moves_its_addresses()
    {
        Service service = Of("a") with { CidrVips = [new NetworkPrefix(string.Empty, Prefix("10.0.0.0/8"))] };
        MeshSnapshotBuilder builder = Shared(service).ToBuilder();
        builder.UpsertService(service with { Vips = [TestMesh.Vip("10.200.0.1")], CidrVips = [] });
        MeshSnapshot snapshot = builder.Build();
        Assert.Null(Find(snapshot, Vip, null));
        Assert.Null(Find(snapshot, "10.1.1.1", null));
        Assert.Equal("a", Find(snapshot, "10.200.0.1", null));
        Assert.Equal(1, snapshot.ServiceCount);
    }

    [Fact]
    public void Lookups_allocate_nothing()
    {
        MeshSnapshot snapshot = Shared(Of("a"), Cidr("b", "10.0.0.0/8")).ToBuilder().UpsertWorkload(Pod("w", "10.0.0.1")).Build();
        (MeshIp exact, MeshIp block, MeshIp workload) = (Ip(Vip), Ip("10.1.1.1"), Ip("10.0.0.1"));
        int found = 0;
        long before = 0;
        for (int round = 0; round < 200; round++)
        {
            before = round == 100 ? GC.GetAllocatedBytesForCurrentThread() : before;
            found += snapshot.FindServiceByVip(string.Empty, exact, "x") is null ? 0 : 1;
            found += snapshot.FindServiceByVip(string.Empty, block, "x") is null ? 0 : 1;
            found += snapshot.FindAddress(string.Empty, workload, "x").Workload is null ? 0 : 1;
        }

        long after = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(600, found);
        Assert.Equal(before, after);
    }

    private static Service Of(string @namespace, bool canonical = false, Visibility visibility = Visibility.Public) =>
        ServiceAt("svc", Vip) with { Namespace = @namespace, Hostname = "svc.example", Canonical = canonical, Visibility = visibility };

    private static Service Cidr(string @namespace, string block) =>
        Of(@namespace) with { Vips = [], CidrVips = [new NetworkPrefix(string.Empty, Prefix(block))] };

    private static MeshSnapshot Shared(params Service[] services) => new TestMesh().With(services).Snapshot();

    private static string? Find(MeshSnapshot snapshot, string ip, string? clientNamespace) =>
        snapshot.FindServiceByVip(string.Empty, Ip(ip), clientNamespace)?.Namespace;
}
