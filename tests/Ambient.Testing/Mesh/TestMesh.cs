using System.Collections.Immutable;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Policies;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;

namespace Ambient.Testing.Mesh;

/// <summary>Builds mesh state for tests: one line per workload, service or policy, everything else at a sensible value.</summary>
public sealed class TestMesh
{
    public const string Namespace = "shop";
    public const string TrustDomain = "cluster.local";

    private readonly MeshSnapshotBuilder _builder;

    public TestMesh(string? nodeName = null) => _builder = new MeshSnapshotBuilder(nodeName);

    public TestMesh With(params ReadOnlySpan<Workload> workloads)
    {
        foreach (Workload workload in workloads)
        {
            _builder.UpsertWorkload(workload);
        }

        return this;
    }

    public TestMesh With(params ReadOnlySpan<Service> services)
    {
        foreach (Service service in services)
        {
            _builder.UpsertService(service);
        }

        return this;
    }

    public TestMesh With(params ReadOnlySpan<AuthorizationPolicy> policies)
    {
        foreach (AuthorizationPolicy policy in policies)
        {
            _builder.UpsertPolicy(policy);
        }

        return this;
    }

    public MeshSnapshot Snapshot() => _builder.Build();

    public static MeshIp Ip(string text) =>
        MeshIp.TryParse(text, out MeshIp ip) ? ip : throw new ArgumentException($"not an address: {text}", nameof(text));

    public static IpPrefix Prefix(string text) =>
        IpPrefix.TryParse(text, out IpPrefix prefix) ? prefix : throw new ArgumentException($"not a block: {text}", nameof(text));

    public static NetworkAddress Vip(string text) =>
        NetworkAddress.TryParse(text.Contains('/', StringComparison.Ordinal) ? text : $"/{text}", out NetworkAddress address)
            ? address
            : throw new ArgumentException($"not an address: {text}", nameof(text));

    /// <summary>An HBONE pod of the test namespace with a service account of its own name.</summary>
    public static Workload Pod(string name, params string[] ips) => new()
    {
        Uid = $"cluster1//Pod/{Namespace}/{name}",
        Name = name,
        Namespace = Namespace,
        TrustDomain = TrustDomain,
        ServiceAccount = name,
        ClusterId = "cluster1",
        Node = "node-a",
        Protocol = TunnelProtocol.Hbone,
        WorkloadName = name,
        CanonicalName = name,
        CanonicalRevision = "v1",
        Addresses = [.. ips.Select(Ip)],
    };

    /// <summary>A service of the test namespace with one virtual address and one port.</summary>
    public static Service ServiceAt(string name, string vip, ushort port = 80, ushort targetPort = 8080) => new()
    {
        Name = name,
        Namespace = Namespace,
        Hostname = $"{name}.{Namespace}.svc.cluster.local",
        Vips = [Vip(vip)],
        Ports = PortMap.Of(port, targetPort),
    };

    public static LoadBalancer Balance(LoadBalancerMode mode, params ImmutableArray<RoutingScope> preferences) =>
        new(preferences, mode, HealthPolicy.OnlyHealthy);

    public static GatewayAddress GatewayAt(string address, ushort port = 15008) => GatewayAddress.ByAddress(Vip(address), port);

    public static GatewayAddress GatewayAt(Service service, ushort port = 15008) => GatewayAddress.ByHostname(service.Key, port);

    /// <summary>A policy of the test namespace whose only rule has one clause with the given matches.</summary>
    public static AuthorizationPolicy Policy(string name, PolicyAction action, params ImmutableArray<PolicyMatch> matches) => new()
    {
        Name = name,
        Namespace = Namespace,
        Scope = PolicyScope.Namespace,
        Action = action,
        Rules = [new PolicyRule([new PolicyClause(matches)])],
    };
}
