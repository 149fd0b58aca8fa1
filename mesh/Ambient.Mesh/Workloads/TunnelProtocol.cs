namespace Ambient.Mesh.Workloads;

/// <summary>How a workload accepts mesh traffic.</summary>
public enum TunnelProtocol
{
    /// <summary>Plain TCP: the workload is not enrolled.</summary>
    Tcp,

    /// <summary>HTTP/2 CONNECT over mutual TLS on port 15008.</summary>
    Hbone,
}
