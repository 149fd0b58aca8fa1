using System.Net;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;

namespace Ambient.Transport.Sockets;

/// <summary>
/// Bytes each way on one loop, as a non-blocking TCP socket gives them: what a tunnel runs over. Reads and writes never throw; a failure is
/// in the <see cref="IoResult"/>. One reader and one writer may wait at a time.
/// </summary>
public unsafe interface ILoopDuplex : IDisposable
{
    EventLoop Loop { get; }

    bool IsDisposed { get; }

    /// <summary>Why this side, or what carries it, broke it off; null otherwise.</summary>
    ConnectionFailure? AbortReason { get; }

    IPEndPoint LocalEndPoint { get; }

    IPEndPoint RemoteEndPoint { get; }

    /// <param name="buffer">At least <paramref name="length"/> bytes.</param>
    /// <param name="length">At least 1, since 0 bytes read mean the end of the stream.</param>
    IoResult Receive(byte* buffer, int length);

    /// <summary>Writes as much as is taken now.</summary>
    /// <param name="buffer">At least <paramref name="length"/> bytes.</param>
    /// <param name="length">Bytes to write.</param>
    /// <param name="isMoreComing">A hint: another write follows within this turn, so a packet that is not full may wait for it.</param>
    IoResult Send(byte* buffer, int length, bool isMoreComing = false);

    /// <summary>Completes when a read may move something, fails or ends, and when this is disposed.</summary>
    ValueTask WaitReadableAsync();

    /// <summary>Completes when a write may move something or fails, and when this is disposed.</summary>
    ValueTask WaitWritableAsync();

    /// <summary>Ends the sending direction behind what was written; idempotent.</summary>
    void ShutdownSend();
}
