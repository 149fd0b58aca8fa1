using Ambient.Grpc;
using Ambient.Mesh.State;
using Ambient.Testing.Xds;
using Ambient.Xds;
using Ambient.Ztunnel.ControlPlane;

namespace Ambient.InProcessTests.Xds;

/// <summary>A client that runs against a scripted control plane.</summary>
internal sealed class ClientRig : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    private ClientRig(ScriptedControlPlane plane, bool onDemand, int maxMessageBytes, CallHeaders headers, TimeProvider time)
    {
        Plane = plane;
        Client = new XdsClient(
            Store,
            new XdsClientOptions
            {
                Connect = () => new GrpcChannel(new GrpcChannelOptions { Address = plane.Address, MaxMessageBytes = maxMessageBytes }),
                Headers = headers.ReadAsync,
                Node = Node,
                OnDemand = onDemand,
                Time = time,
            },
            Events);
    }

    public static XdsNode Node { get; } = new(
        "ztunnel-1", "istio-system", "10.0.0.9", "node-1", new Dictionary<string, string> { ["CLUSTER_ID"] = "c1" }, new Dictionary<string, string>());

    public ScriptedControlPlane Plane { get; }

    public MeshStore Store { get; } = new(TimeProvider.System);

    public XdsClient Client { get; }

    public RecordedXdsEvents Events { get; } = new();

    /// <param name="onDemand">XDS_ON_DEMAND.</param>
    /// <param name="maxMessageBytes">Of a response.</param>
    /// <param name="token">Its file, or the token itself.</param>
    /// <param name="time">The client's clock; null is the system's.</param>
    public static async Task<ClientRig> StartAsync(
        bool onDemand = false, int maxMessageBytes = GrpcChannelOptions.DefaultMaxMessageBytes, string token = "token", TimeProvider? time = null)
    {
        CallHeaders headers = new(token, "c1", new Dictionary<string, string>());
        ClientRig rig = new(await ScriptedControlPlane.StartAsync(), onDemand, maxMessageBytes, headers, time ?? TimeProvider.System);
        rig._running = Task.Run(() => rig.Client.RunAsync(rig._stop.Token));
        return rig;
    }

    public async Task<ScriptedStream> AcceptSubscribedAsync()
    {
        ScriptedStream stream = await Plane.AcceptAsync();
        await stream.ReadSubscriptionsAsync();
        return stream;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(30));
        await Plane.DisposeAsync();
        _stop.Dispose();
    }
}
