namespace Ambient.Certs;

/// <summary>The files of the local root cannot be used; the message names the file and the next step.</summary>
public sealed class LocalRootException(string message, Exception? inner = null) : Exception(message, inner);
