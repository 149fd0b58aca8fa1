namespace Ambient.ControlPlane;

/// <summary>The control plane cannot start. The message says why, and what to do.</summary>
public sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
