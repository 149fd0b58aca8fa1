namespace Ambient.Lab.Programs;

/// <summary>The control-plane program that the lab starts.</summary>
public static class ControlPlaneProgram
{
    public const string Variable = "AMBIENT_CONTROL_PLANE";

    private static readonly BuiltProgram Program = new("control-plane", "Ambient.ControlPlane", Variable, "--control-plane");

    /// <inheritdoc cref="BuiltProgram.Find"/>
    public static string Find(string? option) => Program.Find(option);
}
