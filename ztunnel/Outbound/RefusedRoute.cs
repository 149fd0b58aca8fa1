namespace Ambient.Ztunnel.Outbound;

/// <summary>Close the connection; no byte is sent to the application (node-proxy 2.2).</summary>
/// <param name="Error">The access-log error.</param>
/// <param name="Hint">What the operator can do about it.</param>
internal sealed record RefusedRoute(string Error, string? Hint) : OutboundRoute;
