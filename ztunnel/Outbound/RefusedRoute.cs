using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel.Outbound;

/// <summary>Close the connection; no byte is sent to the application (node-proxy 2.2).</summary>
/// <param name="Reason">For what it is counted and looked up by.</param>
/// <param name="Error">The access-log error.</param>
/// <param name="Hint">What the operator can do about it.</param>
internal sealed record RefusedRoute(FailureReason Reason, string Error, string? Hint) : OutboundRoute
{
    public ConnectionFailure Failure =>
        new(FailurePhase.Route, Reason == FailureReason.SelfCall ? FailureSide.Downstream : FailureSide.Proxy, Reason, Error, Hint);
}
