namespace Ambient.ControlPlane.Translation.State;

/// <summary>What is true of a pod.</summary>
[Flags]
internal enum PodFlags : byte
{
    None = 0,

    /// <summary>It has ended: nothing runs behind its address.</summary>
    Ended = 1,

    Healthy = 2,

    HostNetwork = 4,

    /// <summary>Its traffic goes through the node proxy.</summary>
    Redirected = 8,
}
