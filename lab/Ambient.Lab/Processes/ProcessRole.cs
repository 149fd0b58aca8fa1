namespace Ambient.Lab.Processes;

/// <summary>What a process of a lab is there for.</summary>
public enum ProcessRole
{
    Ztunnel,
    Workload,
    NodeAgent,

    /// <summary>The ztunnel that a network gateway has for itself.</summary>
    GatewayZtunnel,
    ApiServer,
    ControlPlane,
}
