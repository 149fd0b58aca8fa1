namespace Ambient.Hbone.Http2.FlowControl;

/// <summary>
/// What the peer may still send (RFC 9113 6.9.1), on a stream or the connection. Returned bytes are announced once they make a quarter
/// of the window: at least three quarters then stay open, so a peer stalls only when the path holds more than that, and a window
/// costs four WINDOW_UPDATE frames however small its DATA frames are.
/// </summary>
/// <param name="available">What the peer may send at first.</param>
/// <param name="size">The window as announced; less than what is available where the peer has not seen the announcement yet.</param>
internal struct ReceiveWindow(int available, int size)
{
    private readonly int _threshold = Math.Max(1, size / 4);
    private int _returned;

    /// <summary>Negative after a lowered setting took effect while bytes were under way (RFC 9113 6.9.2).</summary>
    public long Available { get; private set; } = available;

    public bool TryTake(int bytes)
    {
        if (bytes > Available)
        {
            return false;
        }

        Available -= bytes;
        return true;
    }

    /// <summary>The increment to announce now, or 0.</summary>
    public int Return(int bytes)
    {
        _returned += bytes;
        if (_returned < _threshold)
        {
            return 0;
        }

        int increment = _returned;
        _returned = 0;
        Available += increment;
        return increment;
    }

    public void Adjust(int bytes) => Available += bytes;
}
