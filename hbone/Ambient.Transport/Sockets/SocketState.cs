namespace Ambient.Transport.Sockets;

/// <summary>What a loop socket knows without asking the kernel.</summary>
[Flags]
internal enum SocketState
{
    None = 0,

    /// <summary>A read may move something. Cleared by a read that emptied the receive queue.</summary>
    Readable = 1,

    /// <summary>A write may move something. Cleared by a write that could move nothing.</summary>
    Writable = 2,

    /// <summary>FIN, error or hang-up was seen: no further event will come, so a short read no longer means empty.</summary>
    ReadsToEnd = 4,

    /// <summary>TCP urgent data was seen: reads stop at its mark with more behind it, so a short read does not mean empty.</summary>
    Urgent = 8,

    SendShut = 16,
    Disposed = 32,
}
