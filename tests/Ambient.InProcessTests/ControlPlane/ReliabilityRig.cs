using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using Ambient.ApiServer;
using Ambient.ControlPlane;
using Ambient.ControlPlane.Configuration;
using Ambient.Grpc;
using Ambient.InProcessTests.Xds;
using Ambient.Kube.Client;
using Ambient.Kube.Configuration;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;
using Ambient.Mesh.Dump;
using Ambient.Mesh.State;
using Ambient.Testing.Certs;
using Ambient.Xds;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.InProcessTests.ControlPlane;

/// <summary>A cluster on a bad day: a small API server that can go away, a control plane of any clock, and node proxies.</summary>
internal sealed class ReliabilityRig : IAsyncDisposable
{
    public const string Home = "shop";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _nodes = [];
    private ControlPlaneApp? _app;

    private ReliabilityRig(ApiServerHost api)
    {
        Api = api;
        Client = new KubernetesClient(new KubernetesConfiguration(api.Address), new KubernetesClientOptions(), TimeProvider.System);
        Kubeconfig = _directory["kubeconfig"];
        File.WriteAllText(Kubeconfig, $$"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: test
              cluster:
                server: "{{api.Address.ToString().TrimEnd('/')}}"
            users:
            - name: test
              user: {}
            contexts:
            - name: test
              context:
                cluster: test
                user: test
            current-context: test
            """);
    }

    public ApiServerHost Api { get; }

    public KubernetesClient Client { get; }

    /// <summary>The file that leads to the API server.</summary>
    public string Kubeconfig { get; }

    public static async Task<ReliabilityRig> StartAsync()
    {
        ReliabilityRig rig = new(await ApiServerHost.StartAsync(new ApiServerOptions()));
        foreach (string name in new[] { "istio-system", Home })
        {
            await rig.Client.CreateAsync(KubernetesResources.Namespaces, new Namespace { Metadata = new ObjectMeta { Name = name } }, CancellationToken.None);
        }

        return rig;
    }

    /// <summary>Starts a control plane in this process, and waits until it serves.</summary>
    public async Task<ControlPlaneApp> ServeAsync(TimeProvider time)
    {
        ControlPlaneOptions options = new()
        {
            Cluster = new ClusterOptions { Kubeconfig = Kubeconfig },
            Serving = new ServingOptions { PlainAddress = new IPEndPoint(IPAddress.Loopback, 0), SecureAddress = null, HttpAddress = null, MonitoringAddress = null },
            Statuses = new StatusOptions { IsEnabled = false },
        };
        _app = new ControlPlaneApp(options, NullLoggerFactory.Instance, time);
        await _app.StartAsync(CancellationToken.None);
        await _app.Serving.WaitAsync(Patience);
        return _app;
    }

    /// <summary>Connects a node proxy that keeps its state over reconnects.</summary>
    public (XdsClient Client, MeshStore Store) Connect(IPEndPoint address)
    {
        MeshStore store = new(TimeProvider.System);
        XdsClient client = new(
            store,
            new XdsClientOptions
            {
                Connect = () => new GrpcChannel(new GrpcChannelOptions { Address = new Uri($"http://{address}") }),
                Headers = _ => new ValueTask<IReadOnlyList<KeyValuePair<string, string>>>([]),
                Node = new XdsNode("ztunnel-1", "istio-system", "10.0.0.9", "node-1", new Dictionary<string, string>(), new Dictionary<string, string>()),
            },
            new RecordedXdsEvents());
        _nodes.Add(Task.Run(() => client.RunAsync(_stop.Token)));
        return (client, store);
    }

    public static Pod Pod(string name, string ip, string app = "web", bool ready = true) => new()
    {
        Metadata = new ObjectMeta
        {
            Namespace = Home,
            Name = name,
            Labels = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("app", app),
        },
        Spec = new PodSpec { NodeName = "node-1", ServiceAccountName = app },
        Status = new PodStatus
        {
            Phase = "Running",
            PodIP = ip,
            PodIPs = [new PodAddress { IP = ip }],
            Conditions = [new Condition { Type = "Ready", Status = ready ? "True" : "False" }],
        },
    };

    public static Service Service(string name, string ip, int targetPort) => new()
    {
        Metadata = new ObjectMeta { Namespace = Home, Name = name },
        Spec = new ServiceSpec
        {
            ClusterIP = ip,
            ClusterIPs = [ip],
            Selector = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("app", name),
            Ports = [new ServicePort { Name = "http", Number = 80, TargetPort = targetPort }],
        },
    };

    /// <summary>All that a node knows, as its operators read it.</summary>
    public static string Describe(MeshSnapshot mesh)
    {
        ArrayBufferWriter<byte> text = new();
        using (Utf8JsonWriter json = new(text, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            MeshDump.WriteWorkloads(json, mesh);
            MeshDump.WriteServices(json, mesh);
            MeshDump.WritePolicies(json, mesh);
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_nodes).WaitAsync(Patience);
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        Client.Dispose();
        await Api.DisposeAsync();
        _stop.Dispose();
        _directory.Dispose();
    }
}
