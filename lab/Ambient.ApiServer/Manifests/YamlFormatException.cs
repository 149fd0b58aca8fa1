namespace Ambient.ApiServer.Manifests;

/// <summary>A text is no YAML that can be read. The message does not repeat the line.</summary>
/// <param name="line">Where, from 1.</param>
/// <param name="message">What is wrong there.</param>
/// <param name="inner">What the reader said.</param>
public sealed class YamlFormatException(int line, string message, Exception? inner = null) : Exception(message, inner)
{
    public int Line { get; } = line;
}
