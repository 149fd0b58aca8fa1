using System.Collections.Immutable;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.LocalFile;
using Ambient.Mesh.Policies;
using Ambient.Mesh.Services;
using Ambient.Mesh.Workloads;
using Ambient.Testing.Mesh;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.UnitTests.Mesh;

/// <summary>Random configurations, valid by construction, with every optional part sometimes there and names that YAML finds awkward.</summary>
internal sealed class RandomConfiguration(Random random)
{
    private static readonly string[] Names = ["web", "true", "null", "1.5", "a: b", "- x", "#c", "ü", "{}", "'q'", "\"d\"", "a\\b", "0x1f", "~x", "?", "<<"];

    public LocalConfiguration Next()
    {
        ImmutableArray<Service> services = [.. Enumerable.Range(0, random.Next(4)).Select(NextService)];
        return new LocalConfiguration(
            [.. Enumerable.Range(0, random.Next(5)).Select(index => NextWorkload(index, services))],
            services,
            [.. Enumerable.Range(0, random.Next(4)).Select(NextPolicy)]);
    }

    private string Name() => Names[random.Next(Names.Length)];

    private bool Maybe() => random.Next(2) == 0;

    private ushort Port() => (ushort)random.Next(65536);

    private MeshIp Address() => Ip(Maybe() ? $"10.{random.Next(256)}.0.{random.Next(256)}" : $"fd00::{random.Next(65536):x}");

    private GatewayAddress? Gateway() => random.Next(3) switch
    {
        0 => GatewayAddress.ByAddress(new NetworkAddress(Maybe() ? "net1" : string.Empty, Address()), Port()),
        1 => GatewayAddress.ByHostname(new ServiceKey("infra", "gateway.example"), Port()),
        _ => null,
    };

    private ImmutableArray<T> Some<T>(Func<T> next) => [.. Enumerable.Range(0, random.Next(3)).Select(_ => next())];

    private PortMap Ports() => PortMap.Create(Some(() => new PortMapping(Port(), Port())));

    private Workload NextWorkload(int index, ImmutableArray<Service> services)
    {
        Workload workload = Pod($"w{index}") with
        {
            Addresses = Some(Address),
            ServiceAccount = Name(),
            Network = Maybe() ? "net1" : string.Empty,
            Protocol = Maybe() ? TunnelProtocol.Hbone : TunnelProtocol.Tcp,
            NetworkMode = Maybe() ? NetworkMode.HostNetwork : NetworkMode.Standard,
            Waypoint = Gateway(),
            NetworkGateway = Gateway(),
            CanonicalRevision = Name(),
            WorkloadType = (WorkloadType)random.Next(4),
            NativeTunnel = Maybe(),
            ApplicationTunnel = Maybe() ? null : new ApplicationTunnel((ApplicationTunnelProtocol)random.Next(2), Maybe() ? null : Port()),
            AuthorizationPolicies = Some(Name),
            Status = Maybe() ? HealthStatus.Unhealthy : HealthStatus.Healthy,
            Hostname = Maybe() ? string.Empty : Name(),
            Locality = Maybe() ? Locality.Unknown : new Locality(Name(), Name(), string.Empty),
            Capacity = (uint)random.NextInt64(uint.MaxValue),
        };
        foreach (Service service in services.Where(_ => Maybe()))
        {
            workload = workload.EndpointOf(service, [.. Ports()]);
        }

        return workload;
    }

    private Service NextService(int index) => ServiceAt($"s{index}", "10.96.0.1") with
    {
        Vips = Some(() => new NetworkAddress(Maybe() ? "net1" : string.Empty, Address())),
        CidrVips = Some(() => new NetworkPrefix("net1", Prefix("10.97.0.0/16"))),
        Ports = Ports(),
        SubjectAltNames = Some(Name),
        Waypoint = Gateway(),
        WeightedWaypoints = Some(() => new WeightedWaypoint(Gateway() ?? GatewayAt("10.0.0.1"), (uint)random.Next(100))),
        LoadBalancer = Maybe()
            ? null
            : new LoadBalancer(Some(() => (RoutingScope)random.Next(6)), (LoadBalancerMode)random.Next(4), (HealthPolicy)random.Next(2)),
        IpFamilies = Maybe() ? null : (IpFamilies)random.Next(3),
        Canonical = Maybe(),
        Visibility = (Visibility)random.Next(2),
    };

    private AuthorizationPolicy NextPolicy(int index) => new()
    {
        Name = $"p{index}",
        Namespace = Maybe() ? string.Empty : Name(),
        Scope = (PolicyScope)random.Next(3),
        Action = (PolicyAction)random.Next(2),
        DryRun = Maybe(),
        Rules = Some(() => new PolicyRule(Some(() => new PolicyClause(Some(NextMatch))))),
    };

    private PolicyMatch NextMatch() => new()
    {
        Namespaces = Some(NextString),
        NotPrincipals = Some(NextString),
        ServiceAccounts = Some(() => new ServiceAccountMatch(Name(), Name())),
        SourceIps = Some(() => Prefix("10.9.9.9/8")),
        NotDestinationPorts = Some(Port),
    };

    private StringMatch NextString() => random.Next(4) == 0 ? StringMatch.Presence : new StringMatch((StringMatchKind)random.Next(3), Name());
}
