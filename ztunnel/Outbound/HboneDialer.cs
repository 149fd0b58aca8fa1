using System.Collections.Immutable;
using System.Net;
using Ambient.Certs;
using Ambient.Hbone;
using Ambient.Hbone.Http2;
using Ambient.Mesh.Identities;
using Ambient.Mesh.Telemetry;
using Ambient.Mesh.Workloads;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Outbound;

/// <summary>Opens upstream connections of one pod: streams on pooled tunnels, and plain TCP where the destination speaks no HBONE.</summary>
internal sealed class HboneDialer
{
    private readonly HboneClient _client;
    private readonly WorkloadCredentials _credentials;
    private readonly LocalWorkload _local;
    private readonly DialOptions _dial;
    private readonly HbonePool[] _pools;
    private readonly string _network;
    private readonly ILogger _logger;

    /// <param name="client">Opens tunnels.</param>
    /// <param name="credentials">The pod's certificate.</param>
    /// <param name="local">The pod.</param>
    /// <param name="dial">Of sockets in the pod's namespace.</param>
    /// <param name="pools">One a loop.</param>
    /// <param name="network">The proxy's own network (NETWORK), as the far end of a double tunnel is told.</param>
    /// <param name="logger">Told of each request.</param>
    public HboneDialer(
        HboneClient client, WorkloadCredentials credentials, LocalWorkload local, DialOptions dial, HbonePool[] pools, string network, ILogger logger)
    {
        _client = client;
        _credentials = credentials;
        _local = local;
        _dial = dial;
        _pools = pools;
        _network = network;
        _logger = logger;
    }

    /// <summary>Opens a CONNECT stream along a route, on the downstream socket's loop; each loop has its own tunnels.</summary>
    /// <param name="downstream">The application's connection.</param>
    /// <param name="route">Where to.</param>
    /// <param name="source">Whose connection it is.</param>
    /// <param name="trace">Told to the other side; null is one that is not sampled.</param>
    public ValueTask<HboneOpenResult> OpenAsync(LoopSocket downstream, TunnelRoute route, Workload source, TraceParent? trace) =>
        OpenAsync(downstream, route, source, Request(route, source, downstream.RemoteEndPoint, trace));

    /// <summary>
    /// Opens a CONNECT stream in a tunnel of its own, inside a stream of a pooled tunnel to the gateway of the destination's network
    /// (node-proxy 1.7). Both requests carry the same trace.
    /// </summary>
    public async ValueTask<HboneOpenResult> OpenAsync(LoopSocket downstream, DoubleTunnelRoute route, Workload source, TraceParent? trace)
    {
        TunnelRoute gateway = route.Outer;
        Http2Headers request = Request(gateway, source, downstream.RemoteEndPoint, trace);
        HboneOpenResult outer = await OpenAsync(downstream, gateway, source, request);
        if (outer.Stream is not { } stream)
        {
            return outer;
        }

        CredentialsResult own = await _credentials.GetAsync(_local.IdentityIn(source));
        if (own.Credentials is not { } credentials)
        {
            stream.Dispose();
            return new HboneOpenResult(null, own.Failure);
        }

        request.Add(ForwardedNetwork.HeaderName, _network);
        return await _client.OpenInsideAsync(
            stream,
            credentials,
            peer => PeerIdentity.CheckServer(route.InnerIdentities, peer.UriSans),
            request,
            downstream,
            HbonePoolOptions.Default.AnswerTimeout);
    }

    private ValueTask<HboneOpenResult> OpenAsync(LoopSocket downstream, TunnelRoute route, Workload source, Http2Headers request)
    {
        SpiffeId identity = _local.IdentityIn(source);
        IPEndPoint application = downstream.RemoteEndPoint;
        HbonePoolKey key = new(_local.IdentityTextIn(source), Texts(route.ExpectedIdentities), route.TunnelEndPoint, application.Address);
        return _pools[downstream.Loop.Index].OpenAsync(
            key, request, () => ConnectAsync(downstream.Loop, route, identity), downstream);
    }

    public ValueTask<DialResult> ConnectPlainAsync(EventLoop loop, IPEndPoint destination) => TcpDialer.ConnectAsync(loop, destination, _dial);

    /// <summary>Ends the pools, each on its loop: tunnels close with their last stream.</summary>
    public void Release(EventLoopGroup loops)
    {
        foreach (EventLoop loop in loops.Loops)
        {
            loop.Post(static pool => ((HbonePool)pool!).Dispose(), _pools[loop.Index]);
        }
    }

    private async ValueTask<HboneConnectResult> ConnectAsync(EventLoop loop, TunnelRoute route, SpiffeId identity)
    {
        CredentialsResult own = await _credentials.GetAsync(identity);
        return own.Credentials is { } credentials
            ? await _client.ConnectAsync(
                loop, route.TunnelEndPoint, _dial, credentials, peer => PeerIdentity.CheckServer(route.ExpectedIdentities, peer.UriSans))
            : new HboneConnectResult(null, own.Failure);
    }

    private Http2Headers Request(TunnelRoute route, Workload source, IPEndPoint application, TraceParent? trace)
    {
        Http2Headers request = Http2Headers.ForConnect(route.Authority);
        request.Add(Baggage.HeaderName, Baggage.Of(source).ToString());
        request.Add(ForwardedHeader.Name, ForwardedHeader.Format(application, route.IntendedService?.Hostname));
        TraceParent told = trace ?? TraceParent.CreateRandom(Random.Shared);
        request.Add(TraceParent.HeaderName, told.ToString());
        if (_logger.IsEnabled(LogLevel.Debug))
        {
            OutboundLog.Requested(_logger.WithinConnection(TrafficDirection.Outbound, told, application), route.Authority, route.TunnelEndPoint);
        }

        return request;
    }

    private static string[] Texts(ImmutableArray<SpiffeId> identities)
    {
        string[] texts = new string[identities.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = identities[i].ToString();
        }

        return texts;
    }
}
