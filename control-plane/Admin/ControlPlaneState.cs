using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Sources;
using Ambient.ControlPlane.Telemetry;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Xds;

namespace Ambient.ControlPlane.Admin;

/// <summary>What the pages show: everything that others may look at while the control plane runs.</summary>
public sealed class ControlPlaneState
{
    private volatile string _waitsFor = "the start";

    /// <summary>The mesh as nodes are given it.</summary>
    public required ResourceCache Cache { get; init; }

    /// <summary>Who is connected, and how far each proxy is.</summary>
    public required DiscoveryService Discovery { get; init; }

    /// <summary>The one writer of the mesh; knows what is not honoured.</summary>
    public required MeshUpdater Updater { get; init; }

    /// <summary>Where in the order of changes objects went out.</summary>
    public required AppliedObjects Applied { get; init; }

    /// <summary>The families of the metrics page.</summary>
    public required IReadOnlyList<IMetricFamily> Metrics { get; init; }

    /// <summary>The DNS domain of the cluster's services.</summary>
    public required string ClusterDomain { get; init; }

    /// <summary>The cluster's name.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Whether this replica writes statuses.</summary>
    public required Func<bool> IsLeader { get; init; }

    /// <summary>Why the replica serves nobody yet, or no longer; "" while it serves.</summary>
    public string WaitsFor
    {
        get => _waitsFor;
        set => _waitsFor = value;
    }

    /// <summary>Everything of the cluster's objects that is not honoured now.</summary>
    public IReadOnlyList<Finding> Findings => Updater.ReadFindings();
}
