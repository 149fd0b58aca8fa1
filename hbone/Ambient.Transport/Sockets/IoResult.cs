namespace Ambient.Transport.Sockets;

/// <summary>Outcome of one non-blocking read or write: bytes moved, or an errno. Never both.</summary>
public readonly record struct IoResult(int Bytes, int Errno)
{
    /// <summary>Nothing can be moved now; wait for readiness.</summary>
    public bool IsWouldBlock => Errno == Interop.Errno.WouldBlock;

    /// <summary>The socket failed, or was disposed (EBADF).</summary>
    public bool IsError => Errno != 0 && Errno != Interop.Errno.WouldBlock;

    /// <summary>The peer has sent its FIN and everything before it was read. Meaningful for reads only.</summary>
    public bool IsEndOfStream => Bytes == 0 && Errno == 0;

    public static IoResult WouldBlock => new(0, Interop.Errno.WouldBlock);

    /// <summary>What a disposed socket says.</summary>
    public static IoResult Closed => Failed(Interop.Errno.BadDescriptor);

    /// <summary>Reading from what the peer broke off.</summary>
    public static IoResult Reset => Failed(Interop.Errno.ConnectionReset);

    /// <summary>Writing to what takes nothing more.</summary>
    public static IoResult BrokenPipe => Failed(Interop.Errno.BrokenPipe);

    internal static IoResult Failed(int errno) => new(0, errno);
}
