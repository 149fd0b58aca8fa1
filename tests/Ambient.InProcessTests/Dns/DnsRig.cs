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
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.InProcessTests.Dns;

/// <summary>The DNS proxy of one pod on loopback, with the mesh of <see cref="DnsMesh"/>.</summary>
internal sealed class DnsRig : IAsyncDisposable
{
    private readonly EventLoopGroup _loops;
    private readonly bool _ownsLoops;
    private readonly PodDnsService _service;

    public DnsRig(ResolverConfiguration resolvers, int mostUnderWay = 256, MeshStore? store = null, EventLoopGroup? loops = null)
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
        listener.Listen(128);
        Udp = (IPEndPoint)datagrams.LocalEndPoint!;
        Tcp = (IPEndPoint)listener.LocalEndPoint!;
        LocalWorkload local = new(Store, new WorkloadInfo(DnsMesh.Client.Name, DnsMesh.Client.Namespace, DnsMesh.Client.ServiceAccount));
        UpstreamClient client = new(() => resolvers, Open, new QueryBudget(1024), TimeProvider.System);
        CachedUpstream upstream = new(client, new AnswerCache(100, TimeProvider.System));
        MeshAnswers mesh = new(new ServiceNames("cluster.local", DnsMesh.PreferredNamespace), hasIPv6: true);
        DnsResponder responder = new(local, () => mesh, upstream, new DnsReports(Metrics, NullLogger.Instance, TimeProvider.System));
        _service = new PodDnsService([datagrams, listener], responder, upstream, mostUnderWay, _loops.Loops[0], TimeProvider.System);
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
