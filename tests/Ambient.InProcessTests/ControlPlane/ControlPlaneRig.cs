using System.Net;
using System.Net.Security;
using Ambient.ApiServer;
using Ambient.ControlPlane;
using Ambient.ControlPlane.Configuration;
using Ambient.ControlPlane.Serving;
using Ambient.Grpc;
using Ambient.InProcessTests.Xds;
using Ambient.Kube.Client;
using Ambient.Kube.Configuration;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;
using Ambient.Mesh.State;
using Ambient.Testing.Certs;
using Ambient.Xds;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.InProcessTests.ControlPlane;

/// <summary>A small API server, control planes that read it, and node proxies that are connected to them: all in this process.</summary>
internal sealed class ControlPlaneRig : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ControlPlaneApp> _apps = [];
    private readonly List<Task> _proxies = [];

    private ControlPlaneRig(ApiServerHost api)
    {
        Api = api;
        Client = new KubernetesClient(new KubernetesConfiguration(api.Address), new KubernetesClientOptions(), TimeProvider.System);
        File.WriteAllText(Kubeconfig, $"""
            apiVersion: v1
            kind: Config
            current-context: test
            clusters: [{"{"}name: test, cluster: {"{"}server: "{api.Address.ToString().TrimEnd('/')}"{"}"}{"}"}]
            users: [{"{"}name: test, user: {"{"}{"}"}{"}"}]
            contexts: [{"{"}name: test, context: {"{"}cluster: test, user: test{"}"}{"}"}]
            """);
    }

    public ApiServerHost Api { get; }

    public KubernetesClient Client { get; }

    private string Kubeconfig => _directory["kubeconfig"];

    public static async Task<ControlPlaneRig> StartAsync()
    {
        ControlPlaneRig rig = new(await ApiServerHost.StartAsync(new ApiServerOptions()));
        foreach (string name in new[] { "istio-system", "shop" })
        {
            await rig.Client.CreateAsync(KubernetesResources.Namespaces, new Namespace { Metadata = new ObjectMeta { Name = name } }, CancellationToken.None);
        }

        return rig;
    }

    /// <summary>Starts a control plane, and waits until it serves.</summary>
    public async Task<ControlPlaneApp> ServeAsync(string replica = "replica-1", int port = 0, CertificateFiles? certificate = null)
    {
        ControlPlaneApp app = await StartAppAsync(replica, port, certificate);
        await app.Serving.WaitAsync(Patience);
        return app;
    }

    /// <summary>Starts a control plane, and does not wait.</summary>
    public async Task<ControlPlaneApp> StartAppAsync(string replica = "replica-1", int port = 0, CertificateFiles? certificate = null)
    {
        IPEndPoint free = new(IPAddress.Loopback, 0);
        ControlPlaneOptions options = new()
        {
            Cluster = new ClusterOptions { Kubeconfig = Kubeconfig },
            Serving = new ServingOptions
            {
                PlainAddress = new IPEndPoint(IPAddress.Loopback, port),
                SecureAddress = free,
                HttpAddress = free,
                MonitoringAddress = free,
                Certificate = certificate,
            },
            Statuses = new StatusOptions { Identity = replica },
        };
        ControlPlaneApp app = new(options, NullLoggerFactory.Instance, TimeProvider.System);
        _apps.Add(app);
        await app.StartAsync(CancellationToken.None);
        return app;
    }

    /// <summary>Ends a control plane as at an upgrade.</summary>
    public async Task StopAsync(ControlPlaneApp app)
    {
        _apps.Remove(app);
        await app.StopAsync();
        await app.DisposeAsync();
    }

    /// <summary>Connects a node proxy that keeps its state over reconnects.</summary>
    public (XdsClient Client, MeshStore Store, RecordedXdsEvents Events) Connect(
        IPEndPoint address, string token = "", Func<SslClientAuthenticationOptions>? tls = null)
    {
        MeshStore store = new(TimeProvider.System);
        RecordedXdsEvents events = new();
        IReadOnlyList<KeyValuePair<string, string>> headers = token.Length == 0 ? [] : [new("authorization", "Bearer " + token)];
        XdsClient client = new(
            store,
            new XdsClientOptions
            {
                Connect = () => new GrpcChannel(new GrpcChannelOptions { Address = new Uri($"{(tls is null ? "http" : "https")}://{address}"), Tls = tls }),
                Headers = _ => new ValueTask<IReadOnlyList<KeyValuePair<string, string>>>(headers),
                Node = new XdsNode("ztunnel-1", "istio-system", "10.0.0.9", "node-1", new Dictionary<string, string>(), new Dictionary<string, string>()),
            },
            events);
        _proxies.Add(Task.Run(() => client.RunAsync(_stop.Token)));
        return (client, store, events);
    }

    public Task WritePodAsync(string name, string ip) => Client.CreateAsync(
        KubernetesResources.Pods,
        new Pod
        {
            Metadata = new ObjectMeta { Namespace = "shop", Name = name },
            Spec = new PodSpec { NodeName = "node-1", ServiceAccountName = "web" },
            Status = new PodStatus { Phase = "Running", PodIP = ip, PodIPs = [new PodAddress { IP = ip }] },
        },
        CancellationToken.None);

    public Task DeletePodAsync(string name) => Client.DeleteAsync(KubernetesResources.Pods, new ObjectName("shop", name), CancellationToken.None);

    public static bool HasPod(MeshSnapshot mesh, string name) => mesh.Workloads.Any(workload => workload.Name == name);

    /// <summary>Waits until something holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isReached)
    {
        using CancellationTokenSource patience = new(Patience);
        while (!await isReached())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_proxies).WaitAsync(Patience);
        foreach (ControlPlaneApp app in _apps)
        {
            await app.DisposeAsync();
        }

        Client.Dispose();
        await Api.DisposeAsync();
        _stop.Dispose();
        _directory.Dispose();
    }
}
