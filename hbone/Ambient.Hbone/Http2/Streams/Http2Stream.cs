using Ambient.Hbone.Http2.FlowControl;

namespace Ambient.Hbone.Http2.Streams;

/// <summary>A stream that is not idle and either not closed or not fully released (RFC 9113 5.1).</summary>
internal sealed class Http2Stream(int id, long sendWindow, ReceiveWindow receive)
{
    public readonly int Id = id;

    /// <summary>What may be sent; negative after the peer lowered its initial window (RFC 9113 6.9.2).</summary>
    public long SendWindow = sendWindow;

    public ReceiveWindow Receive = receive;

    /// <summary>Bytes handed to the application and not yet released; they are charged to the connection's window.</summary>
    public int Unreleased;

    /// <summary>What the content-length of the peer's message promises still to come; -1 when nothing was promised.</summary>
    public long ContentRemaining = -1;

    /// <summary>The final response was sent (server) or received (client).</summary>
    public bool IsAnswered;

    /// <summary>A CONNECT: after the answer there is DATA only (RFC 9113 8.5).</summary>
    public bool IsTunnel;

    public bool LocalEnded;

    public bool RemoteEnded;

    /// <summary>Closed for the protocol; still in the table while bytes are unreleased.</summary>
    public bool IsClosed;
}
