using Ambient.Mesh.State;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.ControlPlane;
using Ambient.Ztunnel.Files;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.State;

/// <summary>What is known of the mesh, and where it comes from: given in place, a file that is watched, or a control plane.</summary>
internal sealed class MeshState
{
    private readonly ZtunnelOptions _options;
    private readonly LoggerProvider _loggers;
    private readonly TimeProvider _time;
    private readonly LocalMeshSource _local;
    private XdsMeshSource? _controlPlane;

    public MeshState(ZtunnelOptions options, LoggerProvider loggers, TimeProvider time)
    {
        _options = options;
        _loggers = loggers;
        _time = time;
        Store = new MeshStore(time, new MeshSnapshotBuilder(options.Proxy.NodeName).Build());
        _local = new LocalMeshSource(Store, options.Proxy.NodeName, loggers.CreateLogger(LogTargets.State));
    }

    public MeshStore Store { get; }

    /// <summary>Asked for addresses that the store does not hold.</summary>
    public IOnDemandResources OnDemand => _controlPlane?.OnDemand ?? NoOnDemandResources.Instance;

    /// <summary>Completes when the control plane has told the whole mesh (node-proxy 3.6); null without one: all is known then.</summary>
    public Task? ControlPlaneReady => _controlPlane?.Ready;

    public IDumpSection Dump => new MeshSection(Store, _local);

    /// <summary>Takes what is there, and follows its changes from now on.</summary>
    /// <param name="metrics">Counts what the control plane says.</param>
    /// <param name="stop">Called with the exit code when the mesh can no longer be followed.</param>
    /// <param name="watching">Ends it.</param>
    /// <exception cref="StartException">There is no valid mesh state where the settings say.</exception>
    public void Start(MetricsRegistry metrics, Action<int> stop, CancellationToken watching)
    {
        if (_options.Mesh.LocalText is { } text)
        {
            StartException.Require(_local.Apply(text), "LOCAL_XDS holds no valid mesh state; the lines above say where");
        }
        else if (_options.Mesh.LocalPath is { } path)
        {
            WatchedFile file = new(path, _local.Apply, _loggers.CreateLogger(LogTargets.State), _time);
            StartException.Require(file.Load(), $"LOCAL_XDS_PATH: {path} holds no valid mesh state; the lines above say where");
            _ = file.WatchAsync(watching);
        }
        else if (_options.Mesh.UsesControlPlane)
        {
            XdsReports reports = new(_loggers);
            metrics.Add(reports);
            _controlPlane = new XdsMeshSource(Store, _options, reports, _loggers, _time);
            _controlPlane.Start(() => stop(1), watching);
        }
    }
}
