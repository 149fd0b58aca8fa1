using Ambient.Mesh.Policies;
using Ambient.Mesh.Services;
using Ambient.Mesh.Workloads;
using Ambient.Xds.Messages;
using Google.Protobuf;
using PolicyScope = Ambient.Mesh.Policies.PolicyScope;

namespace Ambient.UnitTests.Xds;

public sealed class DecoderTests
{
    private static readonly ByteString Ip4 = ByteString.CopyFrom(10, 0, 0, 1);
    private static readonly ByteString Ip6 = ByteString.CopyFrom([0xfd, .. new byte[14], 1]);

    [Fact]
    public void A_workload_without_values_has_the_defaults_of_discovery()
    {
        var workload = (Workload)Decode.Workload(new WorkloadMessage { Uid = "u" }).Content!;

        Assert.Equal(("cluster.local", "default", "Kubernetes"), (workload.TrustDomain, workload.ServiceAccount, workload.ClusterId));
        Assert.Equal((TunnelProtocol.Tcp, HealthStatus.Healthy, 1u), (workload.Protocol, workload.Status, workload.Capacity));
        Assert.Null(workload.ApplicationTunnel);
        Assert.Same(Locality.Unknown, workload.Locality);
    }

    [Fact]
    public void Every_field_of_a_workload_is_read()
    {
        var workload = (Workload)Decode.Workload(new WorkloadMessage
        {
            Uid = "u",
            Name = "n",
            Namespace = "ns",
            Addresses = { Ip4, Ip6 },
            Network = "net",
            TunnelProtocol = TunnelProtocolValue.TunnelProtocolHbone,
            TrustDomain = "td",
            ServiceAccount = "sa",
            Waypoint = new GatewayAddressMessage { Hostname = new NamespacedHostname { Namespace = "a", Hostname = "b" }, HboneMtlsPort = 15008 },
            NetworkGateway = new GatewayAddressMessage { Address = new NetworkAddressMessage { Network = "net2", Address = Ip4 }, HboneMtlsPort = 1 },
            Node = "node",
            CanonicalName = "cn",
            CanonicalRevision = "cr",
            WorkloadType = WorkloadTypeValue.WorkloadTypeJob,
            WorkloadName = "wn",
            NativeTunnel = true,
            AuthorizationPolicies = { "ns/p" },
            Status = WorkloadStatusValue.WorkloadStatusUnhealthy,
            ClusterId = "c",
            Hostname = "h",
            Services = { ["ns/svc"] = new PortList { Ports = { new Port { ServicePort = 80, TargetPort = 8080 } } } },
            ApplicationTunnel = new ApplicationTunnelMessage { Protocol = ApplicationTunnelMessage.Types.Protocol.Proxy, Port = 15088 },
            Locality = new LocalityMessage { Region = "r", Zone = "z", Subzone = "s" },
            NetworkMode = NetworkModeValue.NetworkModeHostNetwork,
            Capacity = 0,
        }).Content!;

        Assert.Equal(["10.0.0.1", "fd00::1"], workload.Addresses.Select(ip => ip.ToString()));
        Assert.Equal(("a/b:15008", "net2/10.0.0.1:1"), (workload.Waypoint!.ToString(), workload.NetworkGateway!.ToString()));
        Assert.Equal(new ApplicationTunnel(ApplicationTunnelProtocol.Proxy, 15088), workload.ApplicationTunnel);
        Assert.Equal((WorkloadType.Job, NetworkMode.HostNetwork, HealthStatus.Unhealthy, 0u, true),
            (workload.WorkloadType, workload.NetworkMode, workload.Status, workload.Capacity, workload.NativeTunnel));
        Assert.True(workload.PortsFor(new ServiceKey("ns", "svc"))!.TryGetTarget(80, out ushort target) && target == 8080);
        Assert.Equal(("n", "ns", "net", "td", "sa", "node"), (workload.Name, workload.Namespace, workload.Network, workload.TrustDomain, workload.ServiceAccount, workload.Node));
        Assert.Equal(("cn", "cr", "wn", "c", "h"), (workload.CanonicalName, workload.CanonicalRevision, workload.WorkloadName, workload.ClusterId, workload.Hostname));
        Assert.Equal(("ns/p", new Locality("r", "z", "s")), (Assert.Single(workload.AuthorizationPolicies), workload.Locality));
    }

    public static TheoryData<string, WorkloadMessage> RefusedWorkloads => new()
    {
        { "uid", new WorkloadMessage() },
        { "9 bytes", new WorkloadMessage { Uid = "u", Addresses = { ByteString.CopyFrom(new byte[9]) } } },
        { "0 bytes", new WorkloadMessage { Uid = "u", Addresses = { ByteString.Empty } } },
        { "tunnel protocol 2", new WorkloadMessage { Uid = "u", TunnelProtocol = TunnelProtocolValue.TunnelProtocolLegacyIstioMtls } },
        { "network mode 7", new WorkloadMessage { Uid = "u", NetworkMode = (NetworkModeValue)7 } },
        { "status 7", new WorkloadMessage { Uid = "u", Status = (WorkloadStatusValue)7 } },
        { "not namespace/hostname", new WorkloadMessage { Uid = "u", Services = { ["noslash"] = new PortList() } } },
        { "without a destination", new WorkloadMessage { Uid = "u", Waypoint = new GatewayAddressMessage() } },
        { "application tunnel", new WorkloadMessage { Uid = "u", ApplicationTunnel = new ApplicationTunnelMessage { Protocol = (ApplicationTunnelMessage.Types.Protocol)9 } } },
    };

    [Theory]
    [MemberData(nameof(RefusedWorkloads))]
    public void A_workload_that_would_have_to_be_guessed_at_is_refused(string reason, WorkloadMessage workload) =>
        Assert.Contains(reason, Decode.Workload(workload).Refusal);

    [Fact]
    public void An_unknown_workload_type_is_a_deployment() =>
        Assert.Equal(
            WorkloadType.Deployment, ((Workload)Decode.Workload(new WorkloadMessage { Uid = "u", WorkloadType = (WorkloadTypeValue)77 }).Content!).WorkloadType);

    [Fact]
    public void Every_field_of_a_service_is_read()
    {
        var service = (Service)Decode.Service(new ServiceMessage
        {
            Name = "n",
            Namespace = "ns",
            Hostname = "h",
            Addresses =
            {
                new NetworkAddressMessage { Address = Ip4 },
                new NetworkAddressMessage { Network = "net", Address = Ip6, Length = 128 },
                new NetworkAddressMessage { Address = Ip4, Length = 24 },
            },
            Ports = { new Port { ServicePort = 80, TargetPort = 0 }, new Port { ServicePort = 70_000, TargetPort = 1 } },
            SubjectAltNames = { "spiffe://td/ns/a/sa/b" },
            LoadBalancing = new LoadBalancing
            {
                RoutingPreference = { LoadBalancing.Types.Scope.Network, LoadBalancing.Types.Scope.Region },
                Mode = LoadBalancing.Types.Mode.Failover,
                HealthPolicy = LoadBalancing.Types.HealthPolicy.AllowAll,
            },
            IpFamilies = IpFamiliesValue.IpFamiliesDual,
            Canonical = true,
            WeightedWaypoints =
            {
                new WeightedWaypointMessage { Weight = 3, Destination = new GatewayAddressMessage { Address = new NetworkAddressMessage { Address = Ip4 } } },
            },
            Visibility = VisibilityValue.VisibilityNamespace,
        }).Content!;

        Assert.Equal(["/10.0.0.1", "net/fd00::1"], service.Vips.Select(vip => vip.ToString()));
        Assert.Equal("10.0.0.1/24", Assert.Single(service.CidrVips).Prefix.ToString());
        Assert.Equal([(80, 0), (70_000 & 0xffff, 1)], service.Ports.Select(port => ((int)port.ServicePort, (int)port.TargetPort)));
        Assert.Equal((LoadBalancerMode.Failover, HealthPolicy.AllowAll), (service.Mode, service.LoadBalancer!.HealthPolicy));
        Assert.Equal([RoutingScope.Network, RoutingScope.Region], service.LoadBalancer.RoutingPreferences.AsEnumerable());
        Assert.Equal((IpFamilies.Dual, true, Visibility.Namespace), (service.IpFamilies, service.Canonical, service.Visibility));
        Assert.Equal((1, 3u), (service.Identities.Length, Assert.Single(service.WeightedWaypoints).Weight));
    }

    public static TheoryData<string, ServiceMessage> RefusedServices => new()
    {
        { "3 bytes", new ServiceMessage { Addresses = { new NetworkAddressMessage { Address = ByteString.CopyFrom(1, 2, 3) } } } },
        { "prefix length 33", new ServiceMessage { Addresses = { new NetworkAddressMessage { Address = Ip4, Length = 33 } } } },
        { "preference 0", new ServiceMessage { LoadBalancing = new LoadBalancing { RoutingPreference = { LoadBalancing.Types.Scope.UnspecifiedScope } } } },
        { "mode 9", new ServiceMessage { LoadBalancing = new LoadBalancing { Mode = (LoadBalancing.Types.Mode)9 } } },
        { "without a destination", new ServiceMessage { WeightedWaypoints = { new WeightedWaypointMessage { Weight = 1 } } } },
    };

    [Theory]
    [MemberData(nameof(RefusedServices))]
    public void A_service_that_would_have_to_be_guessed_at_is_refused(string reason, ServiceMessage service) =>
        Assert.Contains(reason, Decode.Service(service).Refusal);

    [Fact]
    public void Every_kind_of_condition_of_a_policy_is_read_and_empty_ones_left_out()
    {
        var policy = (AuthorizationPolicy)Decode.Policy(new Authorization
        {
            Namespace = "ns",
            Name = "p",
            Scope = AuthorizationScope.WorkloadSelector,
            Action = AuthorizationAction.Deny,
            DryRun = true,
            Rules = { new AuthorizationRule { Clauses = { new AuthorizationClause { Matches = { AllConditions() } } } } },
        }).Content!;

        Assert.Equal((PolicyScope.WorkloadSelector, PolicyAction.Deny, true), (policy.Scope, policy.Action, policy.DryRun));
        PolicyMatch match = Assert.Single(Assert.Single(Assert.Single(policy.Rules).Clauses).Matches);
        Assert.Equal([StringMatch.Exact("e"), StringMatch.Prefix("p"), StringMatch.Suffix("s"), StringMatch.Presence], match.Namespaces.AsEnumerable());
        Assert.Equal("10.0.0.1/8", Assert.Single(match.SourceIps).ToString());
        Assert.Equal((80, "a"), (Assert.Single(match.DestinationPorts), Assert.Single(match.NotServiceAccounts).Namespace));
    }

    private static AuthorizationMatch AllConditions() => new()
    {
        Namespaces =
        {
            new StringMatchMessage { Exact = "e" },
            new StringMatchMessage { Prefix = "p" },
            new StringMatchMessage { Suffix = "s" },
            new StringMatchMessage { Presence = new() },
            new StringMatchMessage(),
        },
        SourceIps =
        {
            new AddressBlock { Address = Ip4, Length = 8 },
            new AddressBlock { Address = Ip4, Length = 33 },
            new AddressBlock { Address = ByteString.CopyFrom(1), Length = 1 },
        },
        DestinationPorts = { 80 },
        NotServiceAccounts = { new ServiceAccountMatchMessage { Namespace = "a", ServiceAccount = "b" } },
    };

    [Fact]
    public void Unknown_scope_and_action_are_refused()
    {
        Assert.Contains("scope 9", Decode.Policy(new Authorization { Scope = (AuthorizationScope)9 }).Refusal);
        Assert.Contains("action 9", Decode.Policy(new Authorization { Action = (AuthorizationAction)9 }).Refusal);
    }
}
