using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.Testing.Mesh;

/// <summary>The mesh and the questions of node-proxy 11.10: a client in namespace ns1 on network nw1, and names of every kind.</summary>
public static class DnsMesh
{
    public const string ClientNamespace = "ns1";
    public const string Network = "nw1";
    public const string PreferredNamespace = "preferred-ns";

    public static Workload Client { get; } = Pod("client", "127.0.0.9") with { Namespace = ClientNamespace, Network = Network, ServiceAccount = "client" };

    private static readonly Service[] Services =
    [
        Named("ns1", "www.google.com", "1.1.1.1"),
        Named("ns1", "productpage.ns1.svc.cluster.local", "9.9.9.9"),
        Named("ns2", "example.ns2.svc.cluster.local", "10.10.10.10"),
        Named("ns2", "hidden.ns2.svc.cluster.local", "10.10.10.11") with { Visibility = Visibility.Namespace },
        Named("ns1", "hidden.ns1.svc.cluster.local", "10.10.10.12") with { Visibility = Visibility.Namespace },
        Named("ns2", "details.ns2.svc.cluster.remote", "11.11.11.11", "12.12.12.12", "13.13.13.13"),
        Named("ns1", "dual.localhost", "127.0.0.1", "::1"),
        Named("ns1", "ipv4.localhost", "127.0.0.1"),
        Named("ns1", "ipv6.localhost", "::1"),
        Named("ns1", "only4.localhost", "127.0.0.1", "::1") with { IpFamilies = IpFamilies.IPv4 },
        Named("ns1", "*.wildcard", "19.19.19.19"),
        Named("ns1", "*.b.wildcard", "20.20.20.20"),
        Named("ns1", "*.svc.mesh.company.net", "21.21.21.21"),
        Named("ns1", "elsewhere.svc.cluster.local") with { Vips = [Vip("nw2/22.22.22.22")] },
        Named("ns1", "everynetwork.ns1.svc.cluster.local") with { Vips = [Vip("nw2/23.23.23.23"), Vip("nw1/24.24.24.24")] },
        Named("ns1", "headless.ns1.svc.cluster.local"),
        Named("ns1", "headless-ipv6.ns1.svc.cluster.local") with { IpFamilies = IpFamilies.IPv6 },
        Named("ns1", "headless-external.example"),
        Named("ns1", "headless-external-with-endpoints.example"),
        Named("ns1", "block.example") with { CidrVips = [new(Network, Prefix("30.0.0.0/8"))] },
        Named("ns2", "preferred.io", "41.0.0.1"),
        Named(PreferredNamespace, "preferred.io", "41.0.0.2"),
        Named("ns2", "everywhere.io", "42.0.0.1"),
        Named("ns1", "everywhere.io", "42.0.0.2"),
        Named(PreferredNamespace, "everywhere.io", "42.0.0.3"),
        Named(PreferredNamespace, "canonical.svc", "43.0.0.1"),
        Named("ns2", "canonical.svc", "43.0.0.2") with { Canonical = true },
        Named("ns2", "canonical.with.local", "44.0.0.1") with { Canonical = true },
        Named("ns1", "canonical.with.local", "44.0.0.2"),
        Named("ns1", "Mixed.Case.Example", "45.0.0.1"),
    ];

    public static IReadOnlyList<DnsRow> Rows { get; } =
    [
        Forwarded("www.bing.com."),
        Row("www.google.com.", "www.google.com. A 1.1.1.1"),
        Row("WWW.Google.Com.", "WWW.Google.Com. A 1.1.1.1"),
        Row("mixed.case.example.", "mixed.case.example. A 45.0.0.1"),
        Row("www.google.com.ns1.svc.cluster.local.", "www.google.com. A 1.1.1.1", "www.google.com.ns1.svc.cluster.local. CName www.google.com."),
        Row("www.google.com.svc.cluster.local.", "www.google.com. A 1.1.1.1", "www.google.com.svc.cluster.local. CName www.google.com."),
        Row("www.google.com.cluster.local.", "www.google.com. A 1.1.1.1", "www.google.com.cluster.local. CName www.google.com."),
        Row("productpage.", "productpage. A 9.9.9.9"),
        Row("productpage.ns1.", "productpage.ns1. A 9.9.9.9"),
        Row("productpage.ns1.svc.", "productpage.ns1.svc. A 9.9.9.9"),
        Row("productpage.ns1.svc.cluster.local.", "productpage.ns1.svc.cluster.local. A 9.9.9.9"),
        Row("productpage.ns1.ns1.svc.cluster.local.", "productpage.ns1. A 9.9.9.9", "productpage.ns1.ns1.svc.cluster.local. CName productpage.ns1."),
        new("productpage.ns1.ns1.svc.cluster.local.", "Aaaa", []),
        Row("example.ns2.", "example.ns2. A 10.10.10.10"),
        Row("example.ns2.svc.", "example.ns2.svc. A 10.10.10.10"),
        Row("example.ns2.svc.cluster.local.", "example.ns2.svc.cluster.local. A 10.10.10.10"),
        Forwarded("example."),
        Forwarded("hidden.ns2."),
        Forwarded("hidden.ns2.svc.cluster.local."),
        Row("hidden.", "hidden. A 10.10.10.12"),
        Row("details.ns2.svc.cluster.remote.", [.. new[] { "11.11.11.11", "12.12.12.12", "13.13.13.13" }.Select(ip => $"details.ns2.svc.cluster.remote. A {ip}")]),
        Forwarded("details.ns2."),
        Row("dual.localhost.", "dual.localhost. A 127.0.0.1"),
        new("dual.localhost.", "Aaaa", ["dual.localhost. Aaaa ::1"]),
        Row("ipv6.localhost."),
        new("ipv6.localhost.", "Aaaa", ["ipv6.localhost. Aaaa ::1"]),
        Row("ipv4.localhost.", "ipv4.localhost. A 127.0.0.1"),
        new("ipv4.localhost.", "Aaaa", []),
        new("only4.localhost.", "Aaaa", []),
        Row("foo.wildcard.", "foo.wildcard. A 19.19.19.19"),
        Row("a.b.wildcard.", "a.b.wildcard. A 20.20.20.20"),
        Row("a.c.wildcard.", "a.c.wildcard. A 19.19.19.19"),
        Forwarded("wildcard."),
        Row("foo.svc.mesh.company.net.ns1.svc.cluster.local.", "foo.svc.mesh.company.net.ns1.svc.cluster.local. A 21.21.21.21"),
        Row("foo.wildcard.svc.cluster.local.", "foo.wildcard.svc.cluster.local. A 19.19.19.19"),
        Row("elsewhere.svc.cluster.local."),
        Row("everynetwork.", "everynetwork. A 24.24.24.24"),
        Row("headless.ns1.svc.cluster.local.", "headless.ns1.svc.cluster.local. A 30.30.30.30", "headless.ns1.svc.cluster.local. A 31.31.31.31"),
        new("headless.ns1.svc.cluster.local.", "Aaaa", ["headless.ns1.svc.cluster.local. Aaaa 2001:db8::30", "headless.ns1.svc.cluster.local. Aaaa 2001:db8::31"]),
        Row("headless-ipv6.ns1.svc.cluster.local."),
        new("headless-ipv6.ns1.svc.cluster.local.", "Aaaa", ["headless-ipv6.ns1.svc.cluster.local. Aaaa 2001:db8::33"]),
        Forwarded("headless-0.headless.ns1.svc.cluster.local."),
        Forwarded("headless-external.example."),
        Forwarded("headless-external-with-endpoints.example."),
        Forwarded("block.example."),
        Row("preferred.io.", "preferred.io. A 41.0.0.2"),
        Row("everywhere.io.", "everywhere.io. A 42.0.0.2"),
        Row("canonical.svc.", "canonical.svc. A 43.0.0.2"),
        Row("canonical.with.local.", "canonical.with.local. A 44.0.0.2"),
        new("productpage.ns1.", "Ns", null),
        new("productpage.ns1.", "Txt", null),
        new("productpage.ns1.", "Any", null),
    ];

    public static MeshSnapshot Snapshot() => new TestMesh()
        .With(Client)
        .With(Services)
        .With(
            Pod("headless-0", "30.30.30.30", "2001:db8::30").EndpointOf(Find("headless.ns1.svc.cluster.local")) with { Network = Network },
            Pod("headless-1", "31.31.31.31", "2001:db8::31").EndpointOf(Find("headless.ns1.svc.cluster.local")) with { Network = "nw2" },
            Pod("headless-ipv6-0", "33.33.33.33", "2001:db8::33").EndpointOf(Find("headless-ipv6.ns1.svc.cluster.local")) with { Network = Network },
            Pod("external-0", "34.34.34.34").EndpointOf(Find("headless-external-with-endpoints.example")) with { Network = Network })
        .Snapshot();

    private static Service Find(string hostname) => Services.First(service => service.Hostname == hostname);

    private static Service Named(string ns, string hostname, params string[] vips) => new()
    {
        Name = hostname.Split('.')[0],
        Namespace = ns,
        Hostname = hostname,
        Vips = [.. vips.Select(vip => Vip($"{Network}/{vip}"))],
    };

    private static DnsRow Row(string query, params string[] records) => new(query, "A", records);

    private static DnsRow Forwarded(string query) => new(query, "A", null);
}
