namespace Ambient.Bench.Cluster;

/// <summary>One figure of a control-plane workload.</summary>
/// <param name="Workload">Id of the workload.</param>
/// <param name="Name">As in the JSON.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Limit">What it must not exceed; null: it is only told.</param>
internal sealed record ClusterFigure(string Workload, string Name, double Value, double? Limit = null)
{
    public bool IsMissed => Limit is { } limit && !(Value <= limit);
}
