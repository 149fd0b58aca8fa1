using System.Net;
using System.Runtime.InteropServices;
using Ambient.Transport.Interop;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;

namespace Ambient.Transport.Sockets;

/// <summary>
/// Non-blocking TCP socket registered edge-triggered on one loop, both directions for its whole life. It remembers what the
/// last read and write said of the kernel's queues, so a read or write that must fail with "would block" costs no system call.
/// Reads and writes never throw: a failure is in the <see cref="IoResult"/>.
/// </summary>
public sealed unsafe class LoopSocket : ILoopDuplex
{
    /// <summary>IOV_MAX; the kernel refuses longer vectors.</summary>
    private const int MaxVectors = 1024;

    private const uint FinalEvents = LinuxConstants.EpollError | LinuxConstants.EpollHangUp;

    private readonly LoopSignal _readable = new();
    private readonly LoopSignal _writable = new();
    private ulong _token;
    private PackedEndPoint _local;
    private PackedEndPoint _remote;
    private SocketState _state;

    private LoopSocket(EventLoop loop, int fileDescriptor, SocketState state)
    {
        Loop = loop;
        FileDescriptor = fileDescriptor;
        _state = state;
    }

    public EventLoop Loop { get; }

    /// <summary>Not to be closed by others; meaningless once disposed.</summary>
    public int FileDescriptor { get; }

    public bool IsDisposed => (_state & SocketState.Disposed) != 0;

    /// <summary>Why <see cref="Abort"/> was called; null otherwise.</summary>
    public ConnectionFailure? AbortReason { get; private set; }

    /// <summary>For an owner that may wait for something else than this socket when it is closed.</summary>
    public ISocketCloseListener? CloseListener { get; set; }

    /// <summary>Canonical; a new object each time. 0.0.0.0:0 when it was not asked for before the socket was disposed.</summary>
    public IPEndPoint LocalEndPoint
    {
        get
        {
            if (!_local.IsSet && !IsDisposed)
            {
                _local = SocketFactory.LocalAddress(FileDescriptor);
            }

            return _local.ToEndPoint();
        }
    }

    /// <summary>Canonical; a new object each time.</summary>
    public IPEndPoint RemoteEndPoint => _remote.ToEndPoint();

    /// <summary>False when the last write found the send queue full and no room was reported since.</summary>
    internal bool IsWritable => (_state & SocketState.Writable) != 0;

    /// <summary>Takes over a connected socket, on the loop's thread; it is made non-blocking.</summary>
    /// <exception cref="InvalidOperationException">epoll refused it. The descriptor stays the caller's.</exception>
    public static LoopSocket Adopt(EventLoop loop, int fileDescriptor)
    {
        SocketFactory.MakeNonBlocking(fileDescriptor);
        PackedEndPoint remote = SocketFactory.RemoteAddress(fileDescriptor);
        return TryAdopt(loop, fileDescriptor, SocketState.Readable | SocketState.Writable, remote, out int errno)
            ?? throw new InvalidOperationException($"The socket could not be registered: errno {errno}.");
    }

    /// <param name="loop">The current loop.</param>
    /// <param name="fileDescriptor">Non-blocking.</param>
    /// <param name="state">What is known of it; a connecting socket is neither readable nor writable.</param>
    /// <param name="remote">The peer.</param>
    /// <param name="errno">Set when null is returned; the descriptor then stays the caller's.</param>
    internal static LoopSocket? TryAdopt(EventLoop loop, int fileDescriptor, SocketState state, PackedEndPoint remote, out int errno)
    {
        var socket = new LoopSocket(loop, fileDescriptor, state) { _remote = remote };
        errno = loop.Register(socket, fileDescriptor, out socket._token);
        return errno == 0 ? socket : null;
    }

    /// <param name="buffer">At least <paramref name="length"/> bytes.</param>
    /// <param name="length">At least 1, since 0 bytes read mean the end of the stream.</param>
    public IoResult Receive(byte* buffer, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        if ((_state & SocketState.Readable) == 0)
        {
            return NotReady();
        }

        nint count = LibC.Receive(FileDescriptor, buffer, length, 0);
        return AfterRead(count, length);
    }

    /// <summary>Reads into the vectors in order; at most 1,024 of them.</summary>
    public IoResult ReadV(ReadOnlySpan<IoVector> vectors)
    {
        vectors = vectors[..Math.Min(vectors.Length, MaxVectors)];
        nint total = TotalOf(vectors);
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1, nameof(vectors));
        if ((_state & SocketState.Readable) == 0)
        {
            return NotReady();
        }

        fixed (IoVector* first = vectors)
        {
            nint count = LibC.ReadVector(FileDescriptor, first, vectors.Length);
            return AfterRead(count, total);
        }
    }

    /// <summary>Writes as much as the send queue takes.</summary>
    /// <param name="buffer">At least <paramref name="length"/> bytes.</param>
    /// <param name="length">Bytes to write.</param>
    /// <param name="isMoreComing">Another write follows at once: the kernel may hold back a segment that is not full.</param>
    public IoResult Send(byte* buffer, int length, bool isMoreComing = false)
    {
        if ((_state & SocketState.Writable) == 0)
        {
            return NotReady();
        }

        int flags = LinuxConstants.MessageNoSignal | (isMoreComing ? LinuxConstants.MessageMore : 0);
        nint count = LibC.Send(FileDescriptor, buffer, length, flags);
        return AfterWrite(count);
    }

    /// <inheritdoc cref="Send(byte*, int, bool)"/>
    public IoResult Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* buffer = bytes)
        {
            return Send(buffer, bytes.Length);
        }
    }

    /// <summary>Reads into managed memory; not empty.</summary>
    public IoResult Receive(Span<byte> bytes)
    {
        fixed (byte* buffer = bytes)
        {
            return Receive(buffer, bytes.Length);
        }
    }

    /// <summary>Writes the vectors in order, as much as the send queue takes and at most 1,024 of them.</summary>
    public IoResult WriteV(ReadOnlySpan<IoVector> vectors)
    {
        if ((_state & SocketState.Writable) == 0)
        {
            return NotReady();
        }

        vectors = vectors[..Math.Min(vectors.Length, MaxVectors)];
        fixed (IoVector* first = vectors)
        {
            var message = new MessageHeader { Vectors = first, VectorCount = vectors.Length };
            nint count = LibC.SendMessage(FileDescriptor, &message, LinuxConstants.MessageNoSignal);
            return AfterWrite(count);
        }
    }

    /// <summary>
    /// Completes when a read may move something, fails or ends, and when the socket is disposed. Wait only after a read that
    /// could not move everything: a socket with something to read completes at once, every time.
    /// </summary>
    public ValueTask WaitReadableAsync() =>
        (_state & (SocketState.Readable | SocketState.Disposed)) != 0 ? default : _readable.WaitAsync();

    /// <summary>Completes when a write may move something or fails, and when the socket is disposed.</summary>
    public ValueTask WaitWritableAsync() =>
        (_state & (SocketState.Writable | SocketState.Disposed)) != 0 ? default : _writable.WaitAsync();

    /// <summary>Sends FIN after what was written. Idempotent, because a second shutdown would raise the hang-up event again without end.</summary>
    public void ShutdownSend()
    {
        if ((_state & (SocketState.SendShut | SocketState.Disposed)) == 0)
        {
            _state |= SocketState.SendShut;
            LibC.Shutdown(FileDescriptor, LinuxConstants.ShutdownWrite);
        }
    }

    /// <summary>Sends RST and closes; what the peer had not received is lost. From another thread it happens soon, on the loop.</summary>
    public void Abort(ConnectionFailure? reason = null)
    {
        if (!Loop.IsCurrent)
        {
            Loop.Post(_ => Abort(reason), null);
            return;
        }

        if (!IsDisposed)
        {
            AbortReason = reason;
            SocketFactory.ResetOnClose(FileDescriptor);
            Dispose();
        }
    }

    /// <summary>Closes; the kernel still delivers what was written. Wakes both waiters. From another thread it happens soon, on the loop.</summary>
    public void Dispose()
    {
        if (!Loop.IsCurrent)
        {
            Loop.Post(static state => ((LoopSocket)state!).Dispose(), this);
            return;
        }

        if (IsDisposed)
        {
            return;
        }

        _state = SocketState.Disposed;
        Loop.Unregister(_token);
        LibC.Close(FileDescriptor);
        _readable.Wake();
        _writable.Wake();
        CloseListener?.OnClosed(this);
    }

    /// <summary>Loop only. <paramref name="events"/> are epoll's.</summary>
    internal void OnReadiness(uint events)
    {
        if ((events & (FinalEvents | LinuxConstants.EpollReadHangUp)) != 0)
        {
            _state |= SocketState.ReadsToEnd | SocketState.Readable;
        }

        if ((events & LinuxConstants.EpollPriority) != 0)
        {
            _state |= SocketState.Urgent | SocketState.Readable;
        }

        if ((events & LinuxConstants.EpollIn) != 0)
        {
            _state |= SocketState.Readable;
        }

        if ((events & (FinalEvents | LinuxConstants.EpollOut)) != 0)
        {
            _state |= SocketState.Writable;
        }

        if ((_state & SocketState.Readable) != 0)
        {
            _readable.Wake();
        }

        if ((_state & SocketState.Writable) != 0)
        {
            _writable.Wake();
        }
    }

    /// <summary>For a listener: accept said that the queue is empty.</summary>
    internal void MarkDrained() => _state &= ~SocketState.Readable;

    /// <summary>Completes the wait in progress without a reason from the kernel, so that the waiter looks around.</summary>
    internal void WakeReader() => _readable.Wake();

    internal void WakeWriter() => _writable.Wake();

    private static nint TotalOf(ReadOnlySpan<IoVector> vectors)
    {
        nint total = 0;
        foreach (IoVector vector in vectors)
        {
            total += vector.Length;
        }

        return total;
    }

    private IoResult NotReady() => IsDisposed ? IoResult.Failed(Errno.BadDescriptor) : IoResult.WouldBlock;

    private IoResult AfterRead(nint count, nint asked)
    {
        if (count < 0)
        {
            return AfterFailure(SocketState.Readable);
        }

        if (count > 0 && count < asked && (_state & (SocketState.ReadsToEnd | SocketState.Urgent)) == 0)
        {
            _state &= ~SocketState.Readable;
        }

        return new IoResult((int)count, 0);
    }

    /// <summary>A short write is not taken for a full queue: with sockmap redirection it can be short for other reasons, and no event would follow.</summary>
    private IoResult AfterWrite(nint count) =>
        count < 0 ? AfterFailure(SocketState.Writable) : new IoResult((int)count, 0);

    private IoResult AfterFailure(SocketState readiness)
    {
        int errno = Marshal.GetLastPInvokeError();
        switch (errno)
        {
            case Errno.WouldBlock:
                _state &= ~readiness;
                return IoResult.WouldBlock;
            case Errno.Interrupted:
                // Readiness is kept, so the caller's wait completes at once and it tries again.
                return IoResult.WouldBlock;
            default:
                return IoResult.Failed(errno);
        }
    }
}
