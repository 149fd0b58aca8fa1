using System.Net;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Testing.Mesh;
using Ambient.Ztunnel;
using Ambient.Ztunnel.Outbound;
using BenchmarkDotNet.Attributes;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.Microbenchmarks.Routing;

/// <summary>Where an application's connection goes, in a small mesh: the cost of the decision itself, not of the indexes.</summary>
[MemoryDiagnoser]
public class OutboundRouterBenchmarks
{
    private static readonly IPEndPoint WorkloadAddress = new(IPAddress.Parse("10.1.0.1"), 8080);
    private static readonly IPEndPoint ServiceAddress = new(IPAddress.Parse("10.96.0.1"), 80);
    private static readonly IPEndPoint WaypointServiceAddress = new(IPAddress.Parse("10.96.0.2"), 80);
    private static readonly IPEndPoint ForeignAddress = new(IPAddress.Parse("192.0.2.1"), 443);
    private static readonly IPEndPoint Application = new(IPAddress.Parse("10.0.0.1"), 40_000);

    private readonly OutboundRouter _router = new(new OutboundRouterOptions(string.Empty, new OwnPorts(Socks: true)));
    private readonly Workload _client = Pod("client", "10.0.0.1");
    private readonly Random _random = new(1);
    private MeshSnapshot _snapshot = null!;

    [GlobalSetup]
    public void Setup()
    {
        Service web = ServiceAt("web", "10.96.0.1");
        Service guarded = ServiceAt("guarded", "10.96.0.2") with { Waypoint = GatewayAt("10.2.0.1") };
        _snapshot = new TestMesh()
            .With(web, guarded)
            .With(
                _client,
                Pod("web-0", "10.1.0.1").EndpointOf(web),
                Pod("web-1", "10.1.0.2").EndpointOf(web),
                Pod("web-2", "10.1.0.3").EndpointOf(web),
                Pod("waypoint", "10.2.0.1"))
            .Snapshot();
    }

    [Benchmark]
    public object ToWorkload() => Decide(WorkloadAddress);

    [Benchmark]
    public object ToService() => Decide(ServiceAddress);

    [Benchmark]
    public object ThroughWaypoint() => Decide(WaypointServiceAddress);

    [Benchmark]
    public object ToUnknownAddress() => Decide(ForeignAddress);

    private OutboundRoute Decide(IPEndPoint destination) =>
        _router.Decide(_snapshot, new OutboundRequest(_client, Application, destination), _random);
}
