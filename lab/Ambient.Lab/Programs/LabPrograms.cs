namespace Ambient.Lab.Programs;

/// <summary>The programs of the mesh that a lab starts; empty for those that it does without.</summary>
public sealed record LabPrograms(string Ztunnel, string ControlPlane)
{
    /// <exception cref="LabException">One that it needs is not there.</exception>
    public static LabPrograms Find(LabOptions options, bool hasControlPlane) => new(
        options.WithMesh ? ZtunnelProgram.Find(options.Ztunnel) : "",
        options.WithMesh && hasControlPlane ? ControlPlaneProgram.Find(options.ControlPlane) : "");
}
