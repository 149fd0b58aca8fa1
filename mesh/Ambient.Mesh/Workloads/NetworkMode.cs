namespace Ambient.Mesh.Workloads;

public enum NetworkMode
{
    Standard,

    /// <summary>The pod shares its node's address, so that address does not identify it and it is not indexed by IP (node-proxy 3.9).</summary>
    HostNetwork,
}
