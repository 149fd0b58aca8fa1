using System.Buffers;
using System.Net;
using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Serving;
using Ambient.ControlPlane.Xds;
using Ambient.Grpc;
using Ambient.Grpc.Server;
using Ambient.Mesh.State;
using Ambient.Xds;
using Ambient.Xds.Messages;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using MeshChange = Ambient.ControlPlane.Distribution.MeshChange;

namespace Ambient.InProcessTests.ControlPlane;

/// <summary>The discovery service on a loopback port, and proxies that are connected to it.</summary>
internal sealed class DiscoveryRig : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private readonly GrpcListener _listener;

    private DiscoveryRig(ResourceCache cache, DiscoveryService service, GrpcListener listener)
    {
        Cache = cache;
        Service = service;
        _listener = listener;
    }

    public ResourceCache Cache { get; }

    public DiscoveryService Service { get; }

    public IPEndPoint Address => _listener.Address;

    private Uri Uri => new($"http://{Address}");

    public static async Task<DiscoveryRig> StartAsync(
        ResourceCache? cache = null, CallerIdentity? caller = null, DiscoveryLimits? limits = null, int port = 0)
    {
        cache ??= new ResourceCache();
        limits ??= new DiscoveryLimits();
        DiscoveryService service = new(cache, limits, new SilentDiscoveryEvents(), TimeProvider.System);
        CancellationTokenSource stopping = new();
        GrpcEndpoint endpoint = new(
            call => service.ServeAsync(call, new KnownCaller(caller)),
            limits.MaxRequestBytes,
            stopping.Token,
            TimeProvider.System,
            (_, error) => throw new InvalidOperationException("the service failed", error));
        GrpcListener listener = await GrpcListener.StartAsync(
            new GrpcListenerOptions { Address = new IPEndPoint(IPAddress.Loopback, port) },
            new Dictionary<string, RequestDelegate> { [DiscoveryService.Path] = endpoint.ServeAsync });
        return new DiscoveryRig(cache, service, listener) { Stopping = stopping };
    }

    private CancellationTokenSource Stopping { get; init; } = null!;

    public static MeshResource Workload(string uid, string ip, string node = "") => new(
        new ResourceKey(ResourceKind.Workload, uid),
        new WorkloadMessage { Uid = uid, Name = uid, Namespace = "shop", Node = node, Addresses = { ByteString.CopyFrom(IPAddress.Parse(ip).GetAddressBytes()) } });

    public void Publish(params MeshResource[] resources) => Cache.Publish(new MeshChange(resources, []));

    public void Remove(string uid) => Cache.Publish(new MeshChange([], [new ResourceKey(ResourceKind.Workload, uid)]));

    /// <summary>Connects a proxy that keeps its state over reconnects.</summary>
    public (XdsClient Client, MeshStore Store) Connect(string nodeName = "node-1", bool onDemand = false, Xds.RecordedXdsEvents? events = null)
    {
        MeshStore store = new(TimeProvider.System);
        XdsClient client = new(
            store,
            new XdsClientOptions
            {
                Connect = () => new GrpcChannel(new GrpcChannelOptions { Address = Uri }),
                Headers = _ => new ValueTask<IReadOnlyList<KeyValuePair<string, string>>>([]),
                Node = new XdsNode(
                    "ztunnel-" + nodeName, "istio-system", "10.0.0.9", nodeName, new Dictionary<string, string>(), new Dictionary<string, string>()),
                OnDemand = onDemand,
            },
            events ?? new Xds.RecordedXdsEvents());
        _running.Add(Task.Run(() => client.RunAsync(_stop.Token)));
        return (client, store);
    }

    /// <summary>Opens a stream whose test says every word.</summary>
    public GrpcDuplexCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> Open(GrpcChannel channel) => channel.Open(
        new GrpcMethod<DeltaDiscoveryRequest, DeltaDiscoveryResponse>(
            DiscoveryService.Path, bytes => DeltaDiscoveryResponse.Parser.ParseFrom(bytes.ToArray())),
        new GrpcCallOptions(),
        _stop.Token);

    public GrpcChannel Channel() => new(new GrpcChannelOptions { Address = Uri });

    /// <summary>Waits until the mesh of a proxy is as wanted.</summary>
    public static async Task UntilAsync(MeshStore store, Func<MeshSnapshot, bool> isReached)
    {
        using CancellationTokenSource patience = new(Patience);
        while (!isReached(store.Current))
        {
            await Task.Delay(5, patience.Token);
        }
    }

    /// <summary>Waits until a report about a proxy is as wanted.</summary>
    public async Task<ProxyReport> ReportAsync(Func<ProxyReport, bool> isReached)
    {
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            if (Service.Proxies.FirstOrDefault(isReached) is { } report)
            {
                return report;
            }

            await Task.Delay(5, patience.Token);
        }
    }

    /// <summary>Ends the server, as at an upgrade; the proxies stay.</summary>
    public async Task StopServingAsync()
    {
        await Stopping.CancelAsync();
        await _listener.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running).WaitAsync(Patience);
        await StopServingAsync();
        Service.Dispose();
        Stopping.Dispose();
        _stop.Dispose();
    }

    private sealed class KnownCaller(CallerIdentity? caller) : ICallerAuthenticator
    {
        public Task<CallerIdentity?> AuthenticateAsync(HttpContext context, CancellationToken cancellation) => Task.FromResult(caller);
    }
}
