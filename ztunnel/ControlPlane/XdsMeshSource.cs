using Ambient.Grpc;
using Ambient.Mesh.State;
using Ambient.Xds;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.ControlPlane;

/// <summary>The mesh as a control plane tells it: builds the client of the settings and keeps it running.</summary>
internal sealed class XdsMeshSource
{
    private readonly XdsClient _client;
    private readonly ILogger _logger;

    public XdsMeshSource(MeshStore store, ZtunnelOptions options, XdsReports reports, ILoggerFactory loggers, TimeProvider time)
    {
        _logger = loggers.CreateLogger(LogTargets.Xds);
        MeshSourceOptions mesh = options.Mesh;
        Uri address = new(mesh.XdsAddress!);
        ServerTrust trust = new(SettingNames.XdsRootCa, mesh.XdsRootCa, address.IdnHost, mesh.AltXdsHostname);
        CallHeaders headers = new(options.Certificates.AuthToken, options.Proxy.ClusterId, mesh.XdsHeaders);
        XdsNode node = NodeOf(options);
        foreach (string name in node.UnreadableMetadata)
        {
            ControlPlaneLog.MetadataLeftOut(_logger, SettingNames.JsonMetadataPrefix + name);
        }

        XdsClientOptions client = new()
        {
            Connect = () => new GrpcChannel(new GrpcChannelOptions { Address = address, Tls = () => trust.Load()(), Time = time }),
            Headers = headers.ReadAsync,
            Node = node,
            OnDemand = mesh.OnDemand,
            Time = time,
        };
        _client = new XdsClient(store, client, reports);
    }

    /// <summary>Completes when the whole mesh is known (node-proxy 3.6).</summary>
    public Task Ready => _client.Ready;

    public IOnDemandResources OnDemand => _client;

    /// <param name="stopped">Called when it ended by an error of ours: a mesh that never changes again must not look like one that is quiet.</param>
    /// <param name="cancellation">Ends it.</param>
    public void Start(Action stopped, CancellationToken cancellation) => _ = Task.Run(() => RunAsync(stopped, cancellation), CancellationToken.None);

    private static XdsNode NodeOf(ZtunnelOptions options) => new(
        options.Proxy.PodName,
        options.Proxy.PodNamespace,
        options.Proxy.InstanceIp ?? "",
        options.Proxy.NodeName ?? "",
        options.Metadata.Values,
        options.Metadata.JsonValues);

    private async Task RunAsync(Action stopped, CancellationToken cancellation)
    {
        try
        {
            await _client.RunAsync(cancellation);
        }
        catch (Exception error)
        {
            ControlPlaneLog.Stopped(_logger, error);
            stopped();
        }
    }
}
