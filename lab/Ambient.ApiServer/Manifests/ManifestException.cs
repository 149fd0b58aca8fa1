namespace Ambient.ApiServer.Manifests;

/// <summary>A manifest cannot be read or applied. The message names file, line and the next step.</summary>
public sealed class ManifestException(string message, Exception? inner = null) : Exception(message, inner);
