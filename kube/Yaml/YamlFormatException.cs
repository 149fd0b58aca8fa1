namespace Ambient.Kube.Yaml;

/// <summary>Text that is not YAML, or more than is accepted. The message has line and column and says what to do.</summary>
public sealed class YamlFormatException(string message) : Exception(message);
