namespace Ambient.Ztunnel.Configuration;

/// <summary>What the machine contributes to the options beside settings.</summary>
/// <param name="MeshFile">Text of <c>./etc/istio/config/mesh</c>, null when there is none.</param>
internal sealed record OptionsEnvironment(string? MeshFile, int ProcessorCount)
{
    /// <summary>Of this machine. A mesh file that is there and cannot be read throws: starting without it would be a guess.</summary>
    public static OptionsEnvironment Read() => new(
        File.Exists(ProxyConfigFile.MeshPath) ? File.ReadAllText(ProxyConfigFile.MeshPath) : null, Environment.ProcessorCount);
}
