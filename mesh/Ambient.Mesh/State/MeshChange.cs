namespace Ambient.Mesh.State;

/// <summary>A replacement of the current snapshot.</summary>
public readonly record struct MeshChange(MeshSnapshot Previous, MeshSnapshot Current)
{
    /// <summary>Whether established inbound connections must be evaluated again (node-proxy 4.6).</summary>
    public bool PoliciesChanged => !Previous.HasSamePolicies(Current);
}
