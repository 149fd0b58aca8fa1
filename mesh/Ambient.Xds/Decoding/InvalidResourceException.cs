namespace Ambient.Xds.Decoding;

/// <summary>A resource that cannot be used; the message goes to the control plane.</summary>
internal sealed class InvalidResourceException(string message) : Exception(message);
