namespace Ambient.Tls;

/// <summary>The end of a handshake or session as a value.</summary>
/// <param name="Reason">For the decision what to do and for metrics.</param>
/// <param name="Alert">What the peer sent when the reason is <see cref="TlsFailureReason.PeerAlert"/>, else what we send; null if neither.</param>
/// <param name="Message">What happened, for the log line.</param>
/// <param name="Hint">The operator's next step, where there is one.</param>
public sealed record TlsFailure(TlsFailureReason Reason, TlsAlert? Alert, string Message, string? Hint);
