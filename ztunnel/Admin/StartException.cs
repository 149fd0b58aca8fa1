namespace Ambient.Ztunnel.Admin;

/// <summary>The program cannot start; the message is for the operator and names the next step.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
