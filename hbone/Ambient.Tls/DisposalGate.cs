namespace Ambient.Tls;

/// <summary>
/// Lets one thread use an object while another disposes it: whoever leaves last is told to release it. Without a lock, so that an
/// event loop never waits for a handshake thread.
/// </summary>
internal struct DisposalGate
{
    private const int Idle = 0;
    private const int InUse = 1;
    private const int Closed = 2;
    private const int ClosedInUse = 3;

    private int _state;

    /// <summary>False if the object is disposed.</summary>
    /// <exception cref="InvalidOperationException">Another thread is using it, which is a bug of the caller.</exception>
    public bool TryEnter()
    {
        int seen = Interlocked.CompareExchange(ref _state, InUse, Idle);
        return seen switch
        {
            Idle => true,
            Closed => false,
            _ => throw new InvalidOperationException("Two threads advance one handshake."),
        };
    }

    /// <returns>True if it was closed meanwhile and the caller must release it.</returns>
    public bool Exit()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, InUse) == InUse)
        {
            return false;
        }

        Volatile.Write(ref _state, Closed);
        return true;
    }

    /// <returns>True if nobody uses it and the caller must release it; false if the user will, or it is closed already.</returns>
    public bool Close()
    {
        if (Interlocked.CompareExchange(ref _state, Closed, Idle) == Idle)
        {
            return true;
        }

        Interlocked.CompareExchange(ref _state, ClosedInUse, InUse);
        return false;
    }
}
