using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel.Inbound;

/// <summary>
/// How many peers may be in a handshake with one pod at once. A peer proves who it is only at its end, so what those before it can hold of the
/// node's descriptors and handshake threads is bounded per pod: a flood of one pod leaves the others their share.
/// </summary>
internal sealed class HandshakeAllowance
{
    public const int Limit = 512;

    public static readonly ConnectionFailure Refusal = new(
        FailurePhase.TlsHandshake,
        FailureSide.Downstream,
        FailureReason.Overloaded,
        "tls error: too many handshakes at once",
        $"{Limit} peers of this pod have not completed their TLS handshake; look for who connects to port 15008 and does not go on.");

    private int _pending;

    /// <summary>False when the limit is reached; true must be followed by <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _pending) <= Limit)
        {
            return true;
        }

        Interlocked.Decrement(ref _pending);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _pending);
}
