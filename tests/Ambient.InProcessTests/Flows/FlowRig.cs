using System.Net;
using Ambient.InProcessTests.Ztunnel;
using Ambient.Mesh.Identities;
using Ambient.Testing.Certs;
using Ambient.Testing.Flows;

namespace Ambient.InProcessTests.Flows;

/// <summary>
/// Nodes, scripted peers and applications on loopback addresses that no other test uses, all under one root of trust. Each node has a mesh file
/// of its own, as nodes of different networks have. Redirection is replaced by local forwards.
/// </summary>
internal sealed class FlowRig : IAsyncDisposable
{
    private const int FirstLoopback = 80;
    private const int FirstVirtual = 96;
    private const int RigsPerRange = 250;

    private static int s_count;

    private readonly TemporaryDirectory _directory = new();
    private readonly int _number = Interlocked.Increment(ref s_count);
    private readonly List<IAsyncDisposable> _owned = [];

    public string RootDirectory => Path.Combine(_directory.Path, "root");

    public IPAddress Host(int host) => IPAddress.Parse($"127.{FirstLoopback + (_number / RigsPerRange)}.{_number % RigsPerRange}.{host}");

    /// <summary>A virtual address, which nobody listens on.</summary>
    public IPAddress Vip(int number) => IPAddress.Parse($"10.{FirstVirtual + (_number / RigsPerRange)}.{_number % RigsPerRange}.{number}");

    /// <summary>Stands in for redirection: a connection to it is one that an application of the node meant for the destination.</summary>
    public IPEndPoint Forward(int host, int port) => new(Host(host), 9000 + port);

    /// <summary>A node that serves one workload, with a mesh file of its own.</summary>
    /// <param name="host">Of the pod.</param>
    /// <param name="name">Of the workload and of its service account, in namespace shop.</param>
    /// <param name="mesh">The mesh file.</param>
    /// <param name="forwards">Destinations of <see cref="Forward"/> 1, 2, ….</param>
    /// <param name="more">Settings, which go before the rig's own.</param>
    public Task<TestNode> StartNodeAsync(int host, string name, string mesh, IPEndPoint[] forwards, params (string, string)[] more) =>
        StartNodeWithFileAsync(host, name, WriteMesh(name, mesh), forwards, more);

    /// <inheritdoc cref="StartNodeAsync"/>
    /// <param name="meshFile">Path of a file that other nodes may have too.</param>
    public Task<TestNode> StartNodeWithFileAsync(int host, string name, string meshFile, IPEndPoint[] forwards, params (string, string)[] more) =>
        StartAsync(host, name, TimeProvider.System, forwards, [("LOCAL_XDS_PATH", meshFile), ("XDS_ADDRESS", ""), .. more]);

    /// <summary>A node that asks a control plane for what it needs of the mesh.</summary>
    /// <param name="host">Of the pod.</param>
    /// <param name="name">Of the workload and of its service account, in namespace shop.</param>
    /// <param name="plane">Must know the pod itself.</param>
    /// <param name="time">The node's clock.</param>
    /// <param name="forwards">Destinations of <see cref="Forward"/> 1, 2, ….</param>
    /// <param name="more">Settings, which go before the rig's own.</param>
    public Task<TestNode> StartOnDemandNodeAsync(
        int host, string name, OnDemandPlane plane, TimeProvider time, IPEndPoint[] forwards, params (string, string)[] more) =>
        StartAsync(
            host,
            name,
            time,
            forwards,
            [("XDS_ON_DEMAND", "true"), ("ISTIO_META_DNS_CAPTURE", "false"), ("XDS_ADDRESS", plane.Address), ("XDS_ROOT_CA", plane.Roots), .. more]);

    private async Task<TestNode> StartAsync(int host, string name, TimeProvider time, IPEndPoint[] forwards, (string, string)[] more)
    {
        IPAddress address = Host(host);
        (string, string)[] settings =
        [
            ("PROXY_MODE", "dedicated"),
            ("PROXY_WORKLOAD_INFO", $"shop/{name}/{name}"),
            ("AMBIENT_LOCAL_ROOT", RootDirectory),
            ("ENABLE_ORIG_SRC", "false"),
            ("ISTIO_META_DNS_PROXY_ADDR", $"{address}:15053"),
            ("AMBIENT_OUTBOUND_ADDRESS", $"{address}:15001"),
            ("AMBIENT_INBOUND_ADDRESS", $"{address}:15008"),
            ("AMBIENT_INBOUND_PLAINTEXT_ADDRESS", $"{address}:15006"),
            ("AMBIENT_ADMIN_ADDRESS", $"{address}:15000"),
            ("AMBIENT_STATS_ADDRESS", $"{address}:15020"),
            ("AMBIENT_READINESS_ADDRESS", $"{address}:15021"),
            .. forwards.Length == 0
                ? Array.Empty<(string, string)>()
                : [("AMBIENT_FORWARD", string.Join(',', forwards.Select((destination, index) => $"{Forward(host, index + 1)}={destination}")))],
        ];
        (string, string)[] effective = [.. settings.Where(setting => !more.Any(given => given.Item1 == setting.Item1)), .. more];
        return Own(await TestNode.StartAsync(address, time, effective));
    }

    /// <summary>Replaces a node's mesh file as an editor would: a new file moved over the old one.</summary>
    public string WriteMesh(string name, string mesh)
    {
        string path = Path.Combine(_directory.Path, name + ".yaml");
        File.WriteAllText(path + ".next", mesh);
        File.Move(path + ".next", path, overwrite: true);
        return path;
    }

    /// <summary>An HBONE server that is not a ztunnel: a gateway, a waypoint, the far end of a tunnel.</summary>
    public async Task<ScriptedPeer> StartPeerAsync(int host, string account, int port = 15008) =>
        Own(await ScriptedPeer.StartAsync(new IPEndPoint(Host(host), port), account, RootDirectory));

    /// <summary>Somebody with a certificate of the mesh who opens tunnels himself.</summary>
    public async Task<DirectCaller> StartCallerAsync(string account, string trustDomain = "cluster.local") =>
        Own(await DirectCaller.CreateAsync(RootDirectory, new SpiffeId(trustDomain, "shop", account)));

    /// <summary>One workload of a mesh file.</summary>
    public string Workload(int host, string name, string more = "services: {}") =>
        $$"""  - { uid: c//Pod/shop/{{name}}, name: {{name}}, namespace: shop, trustDomain: cluster.local, serviceAccount: {{name}}, protocol: HBONE, workloadIps: ["{{Host(host)}}"], workloadName: {{name}}, canonicalName: {{name}}, {{more}} }""" + "\n";

    /// <summary>An application that sends everything twice, after its banner.</summary>
    public Application StartApplication(int host, int port = 8080, string banner = "") => Own(new Application(new IPEndPoint(Host(host), port), banner));

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }

        _directory.Dispose();
    }

    private T Own<T>(T part)
        where T : IAsyncDisposable
    {
        _owned.Add(part);
        return part;
    }
}
