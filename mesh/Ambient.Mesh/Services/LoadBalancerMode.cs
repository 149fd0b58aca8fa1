namespace Ambient.Mesh.Services;

public enum LoadBalancerMode
{
    /// <summary>Every usable endpoint is a candidate; preferences are ignored.</summary>
    Standard,

    /// <summary>Only endpoints that match every preference.</summary>
    Strict,

    /// <summary>Only endpoints of the best rank found.</summary>
    Failover,

    /// <summary>No selection: traffic goes to the address the application asked for.</summary>
    Passthrough,
}
