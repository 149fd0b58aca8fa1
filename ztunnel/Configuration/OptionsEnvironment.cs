namespace Ambient.Ztunnel.Configuration;

/// <summary>What the machine contributes to the options beside settings.</summary>
/// <param name="MeshFile">Text of <c>./etc/istio/config/mesh</c>, null when there is none.</param>
internal sealed record OptionsEnvironment(string? MeshFile, int ProcessorCount);
