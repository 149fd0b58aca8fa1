namespace Ambient.Ztunnel.Zds;

/// <summary>The node agent and this proxy no longer agree on which pods there are; the process must start over (node-proxy 6.4, 10.1).</summary>
internal sealed class ZdsProtocolException(string message) : Exception(message);
