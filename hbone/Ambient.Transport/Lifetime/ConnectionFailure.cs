namespace Ambient.Transport.Lifetime;

/// <summary>Why a connection failed, as a value: no failed connection is an exception.</summary>
/// <param name="Phase">How far the connection had come.</param>
/// <param name="Side">Who made it fail.</param>
/// <param name="Reason">Why, in a form to count and to decide by.</param>
/// <param name="Message">What happened, for the access log.</param>
/// <param name="Hint">The operator's next step; null when there is none.</param>
public sealed record ConnectionFailure(
    FailurePhase Phase,
    FailureSide Side,
    FailureReason Reason,
    string Message,
    string? Hint = null)
{
    /// <summary>
    /// True for the kinds that end a direction of a running connection silently (node-proxy 1.5): not connected, unexpected
    /// end, reset, broken pipe.
    /// </summary>
    public bool EndsCopySilently => ErrnoClassifier.EndsCopySilently(Reason);

    /// <summary>The failure that an errno of a socket call stands for; <paramref name="attempted"/> completes "… failed".</summary>
    public static ConnectionFailure FromErrno(FailurePhase phase, FailureSide side, int errno, string attempted) =>
        new(phase, side, ErrnoClassifier.Classify(errno), ErrnoClassifier.Describe(errno, attempted), ErrnoClassifier.HintFor(phase, errno));
}
