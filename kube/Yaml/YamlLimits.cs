namespace Ambient.Kube.Yaml;

/// <summary>How much YAML is read. An alias counts as often as it is used: that is how a small text becomes a large one.</summary>
public sealed record YamlLimits
{
    public static YamlLimits Default { get; } = new();

    /// <summary>Characters of the whole text.</summary>
    public int Characters { get; init; } = 64 << 20;

    /// <summary>Values of one document, with those that aliases stand for.</summary>
    public int Values { get; init; } = 1_000_000;

    /// <summary>Levels of maps and lists; JSON readers stop at 64.</summary>
    public int Depth { get; init; } = 60;
}
