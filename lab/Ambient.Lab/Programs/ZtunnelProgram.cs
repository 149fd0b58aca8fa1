namespace Ambient.Lab.Programs;

/// <summary>The ztunnel program that the lab starts.</summary>
public static class ZtunnelProgram
{
    public const string Variable = "AMBIENT_ZTUNNEL";

    private static readonly BuiltProgram Program = new("ztunnel", "Ambient.Ztunnel", Variable, "--ztunnel");

    /// <inheritdoc cref="BuiltProgram.Find"/>
    public static string Find(string? option) => Program.Find(option);
}
