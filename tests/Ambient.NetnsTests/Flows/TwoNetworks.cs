using System.Net;
using System.Net.Sockets;
using Ambient.Redirection;
using Ambient.Redirection.Commands;
using Ambient.Redirection.Nftables;
using Ambient.Testing.Certs;
using Ambient.Testing.Flows;
using Ambient.Testing.Namespaces;
using Ambient.Transport.Namespaces;

namespace Ambient.NetnsTests.Flows;

/// <summary>
/// Two networks with a captured pod and a node each; the gateway's namespace is the only one with an interface in both, and forwards nothing by
/// itself.
/// </summary>
internal sealed class TwoNetworks : IAsyncDisposable
{
    private readonly bool _ipv6;
    private readonly TemporaryDirectory _directory = new();
    private readonly Stack<TestNamespace> _namespaces = new();
    private NetworkNamespace? _gatewayPlace;
    private ScriptedPeer? _gateway;
    private ZtunnelProcess? _near;
    private ZtunnelProcess? _far;
    private TestNamespace _nearPod = null!;
    private TestNamespace _farPod = null!;

    private TwoNetworks(bool ipv6) => _ipv6 = ipv6;

    public ScriptedPeer Gateway => _gateway!;

    public ZtunnelProcess Near => _near!;

    public ZtunnelProcess Far => _far!;

    public IPEndPoint GatewayEndPoint => new(Address(1, 2), 15008);

    private IPEndPoint Vip => new(IPAddress.Parse(_ipv6 ? "fd96::1" : "10.96.0.1"), 80);

    private string RootDirectory => Path.Combine(_directory.Path, "root");

    public static async Task<TwoNetworks> CreateAsync(bool ipv6)
    {
        TwoNetworks networks = new(ipv6);
        try
        {
            await networks.BuildAsync();
            return networks;
        }
        catch
        {
            await networks.DisposeAsync();
            throw;
        }
    }

    public Socket ListenInFarPod()
    {
        using NetworkNamespace place = NetworkNamespace.Open(_farPod.Path);
        Socket listener = place.Run(() => new Socket(Address(2, 1).AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        listener.Bind(new IPEndPoint(Address(2, 1), 8080));
        listener.Listen();
        return listener;
    }

    /// <summary>To the service of the other network, which no interface has.</summary>
    public async Task<Socket> ConnectFromNearPodAsync()
    {
        using NetworkNamespace place = NetworkNamespace.Open(_nearPod.Path);
        Socket socket = place.Run(() => new Socket(Vip.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        await socket.ConnectAsync(Vip, patience.Token);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        _gatewayPlace?.Dispose();
        while (_namespaces.TryPop(out TestNamespace? made))
        {
            await made.DisposeAsync();
        }

        _directory.Dispose();
    }

    private async Task BuildAsync()
    {
        TestNamespace gateway = await MakeAsync();
        _nearPod = await MakeAsync();
        _farPod = await MakeAsync();
        await LinkAsync(_nearPod, gateway, 1);
        await LinkAsync(_farPod, gateway, 2);
        _gatewayPlace = NetworkNamespace.Open(gateway.Path);
        _gateway = await ScriptedPeer.StartAsync(GatewayEndPoint, "gateway", RootDirectory, _gatewayPlace);
        _gateway.RelayTo = new IPEndPoint(Address(2, 1), 15008);
        _near = await StartNodeAsync("client", "near", _nearPod, NearMesh());
        _far = await StartNodeAsync("far", "far", _farPod, FarMesh());
    }

    private async Task<TestNamespace> MakeAsync()
    {
        TestNamespace made = await TestNamespace.CreateAsync();
        _namespaces.Push(made);
        return made;
    }

    private static async Task LinkAsync(TestNamespace pod, TestNamespace gateway, int network)
    {
        await pod.ConnectAsync(
            gateway, [$"10.71.{network}.1/24", $"fd71:{network}::1/64"], [$"10.71.{network}.2/24", $"fd71:{network}::2/64"]);
        await pod.RunAsync("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0");
        await pod.IpAsync("route", "add", "default", "via", $"10.71.{network}.2");
        await pod.IpAsync("-6", "route", "add", "default", "via", $"fd71:{network}::2");
    }

    private async Task<ZtunnelProcess> StartNodeAsync(string workload, string network, TestNamespace pod, string mesh)
    {
        string meshFile = Path.Combine(_directory.Path, workload + ".yaml");
        string podFile = Path.Combine(_directory.Path, workload + ".pods");
        await File.WriteAllTextAsync(meshFile, mesh);
        await File.WriteAllTextAsync(
            podFile, $"- {{ uid: {workload}, name: {workload}, namespace: shop, serviceAccount: {workload}, netns: {pod.Path} }}\n");
        ZtunnelProcess started = await ZtunnelProcess.StartAsync(
            await MakeAsync(),
            _directory.Path,
            workload,
            ("NETWORK", network),
            ("LOCAL_XDS_PATH", meshFile),
            ("AMBIENT_PODS", podFile),
            ("AMBIENT_LOCAL_ROOT", RootDirectory),
            ("XDS_ADDRESS", string.Empty));
        RedirectionFailure? failure = await new NftablesRedirector(new ProgramRunner()).ApplyAsync(
            pod.Path, new PodRedirectionSpec(), CancellationToken.None);
        return failure is null ? started : throw new InvalidOperationException(failure.ToString());
    }

    private IPAddress Address(int network, int host) => IPAddress.Parse(_ipv6 ? $"fd71:{network}::{host}" : $"10.71.{network}.{host}");

    private string NearMesh() => $$"""
        workloads:
          - { uid: c//Pod/shop/client, name: client, namespace: shop, trustDomain: cluster.local, serviceAccount: client, network: near, protocol: HBONE,
              workloadIps: ["{{Address(1, 1)}}"], workloadName: client, canonicalName: client, services: {} }
          - { uid: c//Pod/shop/gateway, name: gateway, namespace: shop, trustDomain: cluster.local, serviceAccount: gateway, network: far, protocol: HBONE,
              workloadIps: ["{{Address(1, 2)}}"], workloadName: gateway, canonicalName: gateway, services: {} }
          - { uid: far/SplitHorizonWorkload/gateway/remote, name: remote, namespace: shop, trustDomain: cluster.local, serviceAccount: default, network: far,
              protocol: HBONE, workloadIps: [], workloadName: remote, canonicalName: remote, services: { shop/remote.shop: { 80: 8080 } },
              networkGateway: { destination: "far/{{Address(1, 2)}}", hboneMtlsPort: 15008 } }
        services:
          - { name: remote, namespace: shop, hostname: remote.shop, vips: ["near/{{Vip.Address}}"], ports: { 80: 8080 },
              subjectAltNames: ["spiffe://cluster.local/ns/shop/sa/far"] }
        """;

    private string FarMesh() => $$"""
        workloads:
          - { uid: c//Pod/shop/far, name: far, namespace: shop, trustDomain: cluster.local, serviceAccount: far, network: far, protocol: HBONE,
              workloadIps: ["{{Address(2, 1)}}"], workloadName: far-deployment, canonicalName: far-app, services: { shop/remote.shop: { 80: 8080 } } }
        services:
          - { name: remote, namespace: shop, hostname: remote.shop, vips: [], ports: { 80: 8080 } }
        """;
}
