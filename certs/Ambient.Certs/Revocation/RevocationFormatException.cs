namespace Ambient.Certs.Revocation;

/// <summary>A revocation list cannot be used; the message is for the operator.</summary>
public sealed class RevocationFormatException(string message, Exception? inner = null) : Exception(message, inner);
