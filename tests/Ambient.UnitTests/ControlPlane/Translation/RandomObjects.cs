using System.Collections.Immutable;
using Ambient.ControlPlane.Translation;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;
using Ambient.Kube.Resources.Discovery;
using Ambient.Kube.Resources.Gateways;
using Ambient.Kube.Resources.Networking;
using Ambient.Kube.Resources.Security;

namespace Ambient.UnitTests.ControlPlane.Translation;

/// <summary>Objects of a small world, so that they often meet: few names, few labels, few addresses.</summary>
internal sealed class RandomObjects(Random random)
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public ObjectChange Change()
    {
        IKubernetesObject value = Any();
        ObjectChange upsert = ObjectChange.Upsert(value);
        return random.Next(4) == 0 ? ObjectChange.Delete(upsert.Key) : upsert;
    }

    private IKubernetesObject Any() => random.Next(14) switch
    {
        0 or 1 or 2 => Pod(),
        3 or 4 => Service(),
        5 => Slice(),
        6 => Node(),
        7 => Namespace(),
        8 => Entry(),
        9 => WorkloadEntry(),
        10 => Gateway(),
        11 => GatewayClass(),
        12 => Peer(),
        _ => Policy(),
    };

    private Pod Pod() => new()
    {
        Metadata = Meta(OneOf("a", "b"), OneOf("p0", "p1", "p2"), Labels(workload: true)) with { Uid = OneOf("u0", "u1"), Annotations = Redirection() },
        Spec = new PodSpec
        {
            NodeName = OneOf("", "n0", "n1"),
            ServiceAccountName = OneOf("default", "other"),
            HostNetwork = Rarely(),
            Containers = [new Container { Ports = [new ContainerPort { Name = OneOf("web", "admin"), Number = 8000 + random.Next(3) }] }],
        },
        Status = new PodStatus
        {
            Phase = OneOf("Running", "Running", "Pending", "Succeeded"),
            PodIP = OneOf("", "10.0.0.1", "10.0.0.2", "fd00::1", "bad"),
            Conditions = Rarely() ? [] : [new Condition { Type = "Ready", Status = OneOf("True", "False") }],
        },
    };

    private Service Service() => new()
    {
        Metadata = Meta(OneOf("a", "b"), OneOf("s0", "s1"), Labels(workload: false)) with { Annotations = Weights() },
        Spec = new ServiceSpec
        {
            Type = Rarely() ? "ExternalName" : "",
            ClusterIPs = [OneOf("10.96.0.1", "10.96.0.2", "None", "bad")],
            Selector = Selector(),
            Ports = [new ServicePort { Name = "web", Number = 80, TargetPort = OneOf<IntOrString?>(null, 8080, "web", "admin") }],
            InternalTrafficPolicy = Rarely() ? "Local" : "",
            TrafficDistribution = OneOf("", "PreferClose"),
        },
    };

    private EndpointSlice Slice() => new()
    {
        Metadata = Meta(OneOf("a", "b"), OneOf("sl0", "sl1"), ImmutableDictionary<string, string>.Empty.Add("kubernetes.io/service-name", OneOf("s0", "s1", ""))),
        AddressType = Rarely() ? "FQDN" : "IPv4",
        Ports = [new SlicePort { Name = "web", Number = 8000 + random.Next(2) }],
        Endpoints = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Endpoint())],
    };

    private SliceEndpoint Endpoint() => new()
    {
        Addresses = [OneOf("10.0.1.1", "10.0.1.2", "bad")],
        Conditions = Rarely() ? new EndpointConditions { Ready = false } : null,
        TargetRef = random.Next(2) == 0 ? new ObjectReference { Kind = "Pod", Name = OneOf("p0", "p1"), Uid = OneOf("", "u0") } : null,
    };

    private Node Node() => new()
    {
        Metadata = Meta("", OneOf("n0", "n1"), ImmutableDictionary<string, string>.Empty.Add(OneOf("topology.kubernetes.io/zone", "unused"), OneOf("z0", "z1"))),
    };

    private Namespace Namespace()
    {
        string name = OneOf("a", "b", "istio-system");
        ImmutableDictionary<string, string> labels = Labels(workload: false);
        return new Namespace
        {
            Metadata = Meta("", name, name == "istio-system" && Rarely() ? labels.SetItem("topology.istio.io/network", "net1") : labels) with { Annotations = Weights() },
        };
    }

    private ServiceEntry Entry() => new()
    {
        Metadata = Meta(OneOf("a", "b"), OneOf("e0", "e1"), Labels(workload: false)),
        Spec = new ServiceEntrySpec
        {
            Hosts = [OneOf("x.example", "*.y.example", "s0.a.svc.cluster.local"), .. Rarely() ? (string[])["z.example"] : []],
            Addresses = Rarely() ? ["172.16.0.0/30", "bad"] : [],
            Ports = [new ServiceEntryPort { Number = 443, Name = "web", Protocol = "TLS", TargetPort = (uint)random.Next(2) * 8443 }],
            Resolution = OneOf("", "NONE", "STATIC", "DNS", "DYNAMIC_DNS"),
            WorkloadSelector = random.Next(3) == 0 ? new WorkloadSelector { Labels = Selector() } : null,
            Endpoints = [.. Enumerable.Range(0, random.Next(3)).Select(_ => WorkloadSpec())],
            ExportTo = Rarely() ? ["."] : [],
        },
        Status = new ServiceEntryStatus
        {
            Addresses = [.. Enumerable.Range(0, random.Next(2)).Select(_ => new ServiceEntryAddress { Host = "x.example", Value = OneOf("240.240.0.1", "240.240.0.2", "2001:2::1") })],
        },
    };

    private WorkloadEntry WorkloadEntry() => new()
    {
        Metadata = Meta(OneOf("a", "b"), OneOf("w0", "w1"), Labels(workload: true)) with { Annotations = Redirection() },
        Spec = WorkloadSpec(),
    };

    private WorkloadEntrySpec WorkloadSpec() => new()
    {
        Address = OneOf("10.0.2.1", "10.0.2.2", "host.example", "unix:///x", ""),
        Labels = Labels(workload: true),
        Ports = Rarely() ? ImmutableDictionary<string, uint>.Empty.Add("web", 9000) : ImmutableDictionary<string, uint>.Empty,
        Locality = OneOf("", "r/z"),
        Weight = (uint)random.Next(3),
        Network = OneOf("", "net2"),
    };

    private Gateway Gateway() => new()
    {
        Metadata = Meta(OneOf("a", "b"), OneOf("w0", "w1"), Labels(workload: false).SetItem("istio.io/waypoint-for", OneOf("service", "workload", "all", "none"))) with
        {
            Annotations = Rarely()
                ? ImmutableDictionary<string, string>.Empty.Add("ambient.istio.io/waypoint-inbound-binding", OneOf("PROXY/15088", "bad"))
                : ImmutableDictionary<string, string>.Empty,
        },
        Spec = new GatewaySpec
        {
            GatewayClassName = OneOf("istio-waypoint", "istio-waypoint", "istio-remote"),
            Addresses = Rarely() ? [new GatewayAddress { Value = "192.0.2.1" }] : [],
            Listeners = [new Listener { Port = 15008, Protocol = "HBONE", AllowedRoutes = new AllowedRoutes { Namespaces = new RouteNamespaces { From = OneOf("All", "All", "Same", "None") } } }],
        },
        Status = new GatewayStatus { Addresses = random.Next(3) == 0 ? [] : [new GatewayAddress { Type = OneOf("Hostname", "IPAddress"), Value = OneOf("10.96.1.1", "10.96.1.2") }] },
    };

    private GatewayClass GatewayClass() => new()
    {
        Metadata = Meta("", "istio-waypoint", ImmutableDictionary<string, string>.Empty.Add(OneOf("istio.io/waypoint-for", "unused"), OneOf("all", "service"))),
    };

    private PeerAuthentication Peer() => new()
    {
        Metadata = Meta(OneOf("a", "b", "istio-system"), OneOf("pa0", "pa1"), ImmutableDictionary<string, string>.Empty),
        Spec = new PeerAuthenticationSpec
        {
            Selector = random.Next(2) == 0 ? new PolicySelector { MatchLabels = Selector() } : null,
            Mtls = new MutualTls { Mode = OneOf("", "UNSET", "STRICT", "PERMISSIVE", "DISABLE") },
            PortLevelMtls = random.Next(2) == 0
                ? ImmutableDictionary<string, MutualTls>.Empty.Add(OneOf("8080", "9090", "x"), new MutualTls { Mode = OneOf("STRICT", "DISABLE", "") })
                : ImmutableDictionary<string, MutualTls>.Empty,
        },
    };

    private AuthorizationPolicy Policy() => new()
    {
        Metadata = Meta(OneOf("a", "b", "istio-system"), OneOf("ap0", "ap1"), ImmutableDictionary<string, string>.Empty),
        Spec = new AuthorizationPolicySpec
        {
            Selector = random.Next(2) == 0 ? new PolicySelector { MatchLabels = Selector() } : null,
            Action = OneOf("", "ALLOW", "DENY", "AUDIT"),
            TargetRefs = Rarely()
                ? [new PolicyTarget { Kind = OneOf("Service", "Other"), Name = OneOf("s0", "s1") }, new PolicyTarget { Group = "gateway.networking.k8s.io", Kind = "Gateway", Name = "w0" }]
                : [],
            Rules = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Rule())],
        },
    };

    private AccessRule Rule() => new()
    {
        From = Rarely() ? [] : [new SourceClause { Source = new AccessSource { Principals = [OneOf("*", "td/*", "x")], IpBlocks = Rarely() ? ["bad"] : [] } }],
        To = Rarely() ? [new OperationClause { Operation = new AccessOperation { Methods = ["GET"], Ports = Rarely() ? ["80"] : [] } }] : [],
        When = Rarely() ? [new AccessCondition { Key = OneOf("source.ip", "request.headers[x]"), Values = ["10.0.0.0/8"] }] : [],
    };

    private ObjectMeta Meta(string home, string name, ImmutableDictionary<string, string> labels) => new()
    {
        Namespace = home,
        Name = name,
        Labels = labels,
        Generation = random.Next(1, 3),
        CreationTimestamp = Epoch.AddDays(random.Next(3)),
    };

    private ImmutableDictionary<string, string> Labels(bool workload)
    {
        ImmutableDictionary<string, string> labels = Selector();
        if (random.Next(3) == 0)
        {
            labels = labels.SetItem("istio.io/use-waypoint", OneOf("w0", "w1", "none"));
            labels = Rarely() ? labels.SetItem("istio.io/use-waypoint-namespace", OneOf("a", "b")) : labels;
            labels = Rarely() ? labels.SetItem("istio.io/use-waypoint-canary", OneOf("w0", "w1")) : labels;
            labels = Rarely() ? labels.SetItem("istio.io/ingress-use-waypoint", "true") : labels;
        }

        return workload && Rarely() ? labels.SetItem("gateway.networking.k8s.io/gateway-name", "w0") : labels;
    }

    private ImmutableDictionary<string, string> Selector()
    {
        ImmutableDictionary<string, string> labels = ImmutableDictionary<string, string>.Empty;
        labels = random.Next(2) == 0 ? labels.SetItem("app", OneOf("x", "y")) : labels;
        return random.Next(3) == 0 ? labels.SetItem("version", OneOf("1", "2")) : labels;
    }

    private ImmutableDictionary<string, string> Redirection() => random.Next(2) == 0
        ? ImmutableDictionary<string, string>.Empty.Add("ambient.istio.io/redirection", OneOf("enabled", "pending"))
        : ImmutableDictionary<string, string>.Empty;

    private ImmutableDictionary<string, string> Weights() => Rarely()
        ? ImmutableDictionary<string, string>.Empty.Add("istio.io/use-waypoint-canary-weight", OneOf("10", "bad")).Add("networking.istio.io/traffic-distribution", "PreferSameNode")
        : ImmutableDictionary<string, string>.Empty;

    private bool Rarely() => random.Next(4) == 0;

    private T OneOf<T>(params ReadOnlySpan<T> values) => values[random.Next(values.Length)];
}
