namespace Ambient.Ztunnel.Inbound;

/// <summary>Answer with the status and END_STREAM (node-proxy 1.4).</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Error">The access-log error.</param>
/// <param name="Hint">What the operator can do about it.</param>
internal sealed record RefusedRequest(int Status, string Error, string? Hint) : InboundRoute;
