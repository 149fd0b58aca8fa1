namespace Ambient.Ztunnel.Telemetry;

/// <summary>The access-log names of what describes one end of a connection (node-proxy 9.4).</summary>
internal readonly struct WorkloadFieldNames(string side)
{
    public string Workload { get; } = side + ".workload";

    public string Namespace { get; } = side + ".namespace";

    public string Identity { get; } = side + ".identity";

    public string Cluster { get; } = side + ".cluster";
}
