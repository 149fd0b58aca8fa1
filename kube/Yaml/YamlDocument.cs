namespace Ambient.Kube.Yaml;

/// <summary>One document of a text.</summary>
/// <param name="Line">Where its content begins, from 1.</param>
/// <param name="Json">The same as UTF-8 JSON.</param>
public sealed record YamlDocument(long Line, ReadOnlyMemory<byte> Json);
