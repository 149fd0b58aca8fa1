namespace Ambient.Kube.Configuration;

/// <summary>A value of a YAML document: text, a list or a mapping; none of them for an empty value.</summary>
internal sealed class YamlNode
{
    public string? Text { get; init; }

    public IReadOnlyList<YamlNode>? Items { get; init; }

    public IReadOnlyDictionary<string, YamlNode>? Fields { get; init; }

    /// <summary>The line it starts in, from 1.</summary>
    public required long Line { get; init; }
}
