namespace Ambient.Mesh.Workloads;

/// <summary>Where a workload runs. The three parts are compared one by one; none implies another (node-proxy 2.3.2).</summary>
public sealed record Locality(string Region, string Zone, string Subzone)
{
    public static Locality Unknown { get; } = new(string.Empty, string.Empty, string.Empty);
}
