using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel.Inbound;

/// <summary>Answer with the status and END_STREAM (node-proxy 1.4).</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Reason">For what it is counted and looked up by.</param>
/// <param name="Error">The access-log error.</param>
/// <param name="Hint">What the operator can do about it.</param>
internal sealed record RefusedRequest(int Status, FailureReason Reason, string Error, string? Hint) : InboundRoute
{
    /// <summary>A bad request is the caller's doing; what this side does not know or have is ours.</summary>
    public ConnectionFailure Failure =>
        new(FailurePhase.Route, Status < 500 ? FailureSide.Downstream : FailureSide.Proxy, Reason, Error, Hint);
}
