namespace Ambient.Testing.Flows;

/// <summary>A CONNECT request as a scripted peer saw it. Null is absent.</summary>
public sealed record ConnectSeen(
    string? Authority, string? ForwardedNetwork, string? Baggage, string? Forwarded, string? TraceParent, string? Caller);
