using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Ambient.Mesh.Dns;
using Ambient.Mesh.State;
using Ambient.Testing.Mesh;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Dns;
using Ambient.Ztunnel.Pods;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.InProcessTests.Dns;

/// <summary>The DNS proxy of one pod on loopback, with the mesh of <see cref="DnsMesh"/>.</summary>
internal sealed class DnsRig : IAsyncDisposable
{
    private readonly EventLoopGroup _loops;
    private readonly bool _ownsLoops;
    private readonly PodDnsService _service;

    /// <param name="resolvers">Of the upstream.</param>
    /// <param name="mostUnderWay">Queries that may wait at once.</param>
    /// <param name="store">The mesh.</param>
    /// <param name="loops">Of somebody else.</param>
    /// <param name="time">Measures the silence of clients.</param>
    /// <param name="log">For the lines of the queries.</param>
    /// <param name="findMesh">Called for every query; null answers from the mesh.</param>
    /// <param name="sendBuffer">In bytes, of each connection.</param>
    public DnsRig(
        ResolverConfiguration resolvers, int mostUnderWay = 256, MeshStore? store = null, EventLoopGroup? loops = null,
        TimeProvider? time = null, ILogger? log = null, Func<MeshAnswers>? findMesh = null, int? sendBuffer = null)
    {
        _loops = loops ?? new EventLoopGroup(1);
        _ownsLoops = loops is null;
        Store = store ?? new MeshStore(TimeProvider.System, DnsMesh.Snapshot());
        Registry = new ConnectionRegistry(_loops);
        Socket datagrams = PoolSocket.Create(AddressFamily.InterNetwork, SocketType.Dgram, null, null);
        PoolSocket.SharePort(datagrams);
        datagrams.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Socket listener = PoolSocket.Create(AddressFamily.InterNetwork, SocketType.Stream, null, null);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (sendBuffer is { } bytes)
        {
            listener.SendBufferSize = bytes;
        }

        listener.Listen(128);
        Udp = (IPEndPoint)datagrams.LocalEndPoint!;
        Tcp = (IPEndPoint)listener.LocalEndPoint!;
        LocalWorkload local = new(Store, new WorkloadInfo(DnsMesh.Client.Name, DnsMesh.Client.Namespace, DnsMesh.Client.ServiceAccount));
        UpstreamClient client = new(() => resolvers, Open, new QueryBudget(1024), TimeProvider.System);
        CachedUpstream upstream = new(client, new AnswerCache(100, TimeProvider.System));
        MeshAnswers mesh = new(new ServiceNames("cluster.local", DnsMesh.PreferredNamespace), hasIPv6: true);
        DnsResponder responder = new(local, findMesh ?? (() => mesh), upstream, new DnsReports(Metrics, log ?? NullLogger.Instance, TimeProvider.System));
        _service = new PodDnsService([datagrams, listener], responder, upstream, mostUnderWay, _loops.Loops[0], time ?? TimeProvider.System);
        Serving = _service.ServeAsync(Registry);
    }

    public DnsRig(params ImmutableArray<IPEndPoint> servers)
        : this(new ResolverConfiguration { Servers = servers })
    {
    }

    public MeshStore Store { get; }

    public IPEndPoint Udp { get; }

    public IPEndPoint Tcp { get; }

    public DnsMetrics Metrics { get; } = new();

    public ConnectionRegistry Registry { get; }

    public Task<ConnectionFailure?> Serving { get; }

    public static Socket Open(AddressFamily family, SocketType type) => PoolSocket.Create(family, type, null, null);

    /// <summary>What the end of a drain's deadline does.</summary>
    public void Cut() => _service.Dispose();

    public async ValueTask DisposeAsync()
    {
        _service.Dispose();
        await Serving;
        if (_ownsLoops)
        {
            await _loops.DisposeAsync();
        }
    }
}
