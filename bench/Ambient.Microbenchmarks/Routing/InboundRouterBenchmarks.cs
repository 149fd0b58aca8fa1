using System.Net;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Testing.Mesh;
using Ambient.Ztunnel;
using Ambient.Ztunnel.Inbound;
using BenchmarkDotNet.Attributes;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.Microbenchmarks.Routing;

/// <summary>What a CONNECT request stands for: authority parsed, then decided.</summary>
[MemoryDiagnoser]
public class InboundRouterBenchmarks
{
    private static readonly Service Web = ServiceAt("web", "10.96.0.1");
    private static readonly IPEndPoint Arrival = new(IPAddress.Parse("10.1.0.1"), OwnPorts.Inbound);

    private readonly InboundRouter _router = new(new InboundRouterOptions(string.Empty, new OwnPorts(Socks: true)));
    private readonly Workload _local = Pod("web-0", "10.1.0.1").EndpointOf(Web);
    private MeshSnapshot _snapshot = null!;

    [GlobalSetup]
    public void Setup() => _snapshot = new TestMesh().With(Web).With(_local).Snapshot();

    [Benchmark]
    public object ToAddress() => Decide("10.1.0.1:8080");

    [Benchmark]
    public object ToHostname() => Decide("web.shop.svc.cluster.local:80");

    private InboundRoute Decide(string authorityText) =>
        InboundAuthority.TryParse(authorityText, out InboundAuthority? authority)
            ? _router.Decide(_snapshot, new InboundRequest(_local, Arrival, authority!, null))
            : throw new InvalidOperationException(authorityText);
}
