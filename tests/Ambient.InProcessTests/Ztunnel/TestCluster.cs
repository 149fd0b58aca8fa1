using System.Net;
using Ambient.InProcessTests.Flows;

namespace Ambient.InProcessTests.Ztunnel;

/// <summary>
/// The rig with a client and a server node that share one mesh file. Forward 1 goes to the server workload, 2 to its service,
/// 3 to a workload that speaks no HBONE, 4 to an address that no workload has, 5 to an own port of the proxy, 6 to itself, 7 to a service
/// without endpoints, 8 to a port that nobody listens on.
/// </summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private const int Client = 1;
    private const int Server = 2;
    private const int Plain = 3;
    private const int Nobody = 4;

    private readonly FlowRig _rig = new();
    private readonly string _meshFile;

    public TestCluster() => _meshFile = WritePolicies(string.Empty);

    public IPAddress ClientAddress => _rig.Host(Client);

    public IPAddress ServerAddress => _rig.Host(Server);

    public IPAddress PlainAddress => _rig.Host(Plain);

    /// <summary>The policies that the server workload names; in force with the next <see cref="WritePolicies"/>.</summary>
    public string ServerPolicies { get; set; } = string.Empty;

    /// <summary>A file of the root that both nodes issue from.</summary>
    public string RootFile(string name) => Path.Combine(_rig.RootDirectory, name);

    public IPEndPoint Forward(int port) => _rig.Forward(Client, port);

    /// <summary>Replaces the mesh file, which is the same path every time.</summary>
    public string WritePolicies(string policies) => _rig.WriteMesh("mesh", Mesh() + "policies:\n" + (policies.Length == 0 ? "  []\n" : policies));

    public Task<TestNode> StartClientAsync(params (string, string)[] more) => _rig.StartNodeWithFileAsync(
        Client,
        "client",
        _meshFile,
        [
            new IPEndPoint(ServerAddress, 8080),
            new IPEndPoint(_rig.Vip(1), 80),
            new IPEndPoint(PlainAddress, 8080),
            new IPEndPoint(_rig.Host(Nobody), 8080),
            new IPEndPoint(IPAddress.Loopback, 15008),
            Forward(6),
            new IPEndPoint(_rig.Vip(2), 80),
            new IPEndPoint(ServerAddress, 8081),
        ],
        more);

    public Task<TestNode> StartServerAsync(params (string, string)[] more) => _rig.StartNodeWithFileAsync(Server, "server", _meshFile, [], more);

    /// <summary>The application of the server workload.</summary>
    public Application StartServerApplication() => _rig.StartApplication(Server);

    /// <summary>The application of the workload that speaks no HBONE.</summary>
    public Application StartPlainApplication() => _rig.StartApplication(Plain);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    private string Mesh() =>
        "workloads:\n" + _rig.Workload(Client, "client") + _rig.Workload(Server, "server", $"authorizationPolicies: [{ServerPolicies}], services: {{ shop/web.shop: {{ 80: 8080 }} }}")
        + $$"""
              - { uid: c//Pod/shop/plain, name: plain, namespace: shop, protocol: TCP, workloadIps: ["{{PlainAddress}}"], services: {} }
            services:
              - { name: web, namespace: shop, hostname: web.shop, vips: ["/{{_rig.Vip(1)}}"], ports: { 80: 8080 } }
              - { name: empty, namespace: shop, hostname: empty.shop, vips: ["/{{_rig.Vip(2)}}"], ports: { 80: 8080 } }

            """;
}
