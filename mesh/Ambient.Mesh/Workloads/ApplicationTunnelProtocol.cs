namespace Ambient.Mesh.Workloads;

public enum ApplicationTunnelProtocol
{
    None,

    /// <summary>A PROXY version 2 header precedes the application's bytes.</summary>
    Proxy,
}
