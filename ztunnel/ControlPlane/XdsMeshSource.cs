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
        ControlPlaneRoots roots = new(SettingNames.XdsRootCa, mesh.XdsRootCa, mesh.AltXdsHostname);
        ControlPlaneHeaders headers = new(options.Certificates.AuthToken, options.Proxy.ClusterId, mesh.XdsHeaders);
        Uri address = new(mesh.XdsAddress!);
        XdsClientOptions client = new()
        {
            Connect = () => new GrpcChannel(new GrpcChannelOptions { Address = address, Tls = roots.Read, Time = time }),
            Headers = headers.ReadAsync,
            Node = new XdsNode(
                options.Proxy.PodName,
                options.Proxy.PodNamespace,
                options.Proxy.InstanceIp ?? "",
                options.Proxy.NodeName ?? "",
                options.Metadata.Values,
                options.Metadata.JsonValues),
            OnDemand = mesh.OnDemand,
            Time = time,
        };
        _client = new XdsClient(store, client, reports);
    }

    /// <summary>Completes when the whole mesh is known (node-proxy 3.6).</summary>
    public Task Ready => _client.Ready;

    public IOnDemandResources OnDemand => _client;

    public void Start(CancellationToken cancellation) => _ = Task.Run(() => RunAsync(cancellation), CancellationToken.None);

    private async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await _client.RunAsync(cancellation);
        }
        catch (Exception error)
        {
            ControlPlaneLog.Stopped(_logger, error);
        }
    }
}
