using System.Buffers;
using System.Runtime.CompilerServices;
using Ambient.Hbone.Http2;
using Ambient.Tls;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone.Tunnels;

/// <summary>
/// The sending end of a tunnel's socket. Frames are encrypted straight into the send buffer, in the order in which they were made, and leave
/// once per loop turn or when more than one read's worth waits. When the peer does not read, streams wait for <see cref="IsCongested"/> to pass. Streams are
/// woken from a turn's end only, never from within <see cref="Send"/>: its caller still has slots in the loop's scratch that they would overwrite.
/// </summary>
internal sealed class TunnelOutput : ITurnEndWork, IDisposable
{
    /// <summary>One frame fills one TLS record: its header and this much payload make the 2^14 bytes a record may hold.</summary>
    public const int FramePayload = TlsSession.MaxPlaintext - FrameHeader;

    /// <summary>Bytes in front of a slot's payload that hold the frame header.</summary>
    public const int FrameHeader = 9;

    /// <summary>Distance of slots in the loop's scratch: a record's plaintext, and room for the content type that sealing puts behind it.</summary>
    public const int SlotStride = TlsSession.MaxPlaintext + 64;

    /// <summary>Slots that one read of the application's socket fills.</summary>
    public const int SlotCount = 8;

    /// <summary>Frames of the HTTP/2 layer that may wait for a peer that does not read; several times what 200 answers and resets need.</summary>
    public const int MaxControlBytes = 256 * 1024;

    /// <summary>A full read and the record that is kept back for the turn's end.</summary>
    private const int FlushBytes = (SlotCount + 1) * (TlsSession.MaxPlaintext + TlsSession.Overhead);

    private const int ControlFlushBytes = 64 * 1024;
    private const int CongestedBytes = 192 * 1024;
    private const int ResumeBytes = 64 * 1024;

    /// <summary>Congestion, one full burst of slots, and the most of control frames, with room to spare.</summary>
    private const int BufferBytes = 640 * 1024;

    private readonly TunnelConnection _owner;
    private readonly ILoopDuplex _socket;
    private readonly TlsSession _session;
    private readonly Http2Connection _http2;
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private bool _isScheduled;
    private bool _isBlocked;
    private bool _isFinishing;
    private bool _isFinished;
    private bool _isDisposed;
    private int _errno;
    private ConnectionFailure? _failure;

    public TunnelOutput(TunnelConnection owner, ILoopDuplex socket, TlsSession session)
    {
        _owner = owner;
        _socket = socket;
        _session = session;
        _http2 = owner.Http2;
    }

    /// <summary>So much waits for the peer that streams must not add to it.</summary>
    public bool IsCongested => _end - _start >= CongestedBytes;

    /// <summary>Everything made so far is in the kernel's hands.</summary>
    public bool IsEmpty => _start == _end && _http2.Output.Length == 0 && !_session.HasControlOutput;

    /// <summary>False while nothing waits to be sent: an idle tunnel costs no memory here.</summary>
    public bool HoldsBuffer => _buffer is not null;

    /// <summary>Encrypts the first <paramref name="length"/> bytes of a slot, which are whole frames, behind everything made before.</summary>
    public unsafe void Send(byte* slot, int length)
    {
        if (_isDisposed)
        {
            return;
        }

        SealControl();
        int before = _end - _start;
        Seal(slot, length);
        if (_end - _start >= FlushBytes)
        {
            // The newest record stays for the turn's end, so that what leaves before it may wait in the kernel for its segment to fill.
            Write(keep: _end - _start - before);
        }

        Schedule();
    }

    /// <summary>Frames were made: they leave at the end of this turn, or at once when they are many.</summary>
    public void Schedule()
    {
        if (_http2.Output.Length >= ControlFlushBytes)
        {
            Flush();
        }

        if (!_isScheduled && !_isDisposed)
        {
            _isScheduled = true;
            _socket.Loop.RunAtTurnEnd(this);
        }
    }

    public void OnTurnEnd()
    {
        _isScheduled = false;
        Advance();
    }

    /// <summary>Sends what can be sent now; wakes nobody.</summary>
    public void Flush()
    {
        if (!_isDisposed && !_isBlocked)
        {
            SealControl();
            Write(keep: 0);
        }
    }

    /// <summary>Nothing is made after this: close_notify goes behind what waits, and FIN follows once all has left.</summary>
    public void Finish()
    {
        if (_isFinishing || _isDisposed)
        {
            return;
        }

        SealControl();
        _isFinishing = true;
        _session.Close();
        SealControl();
        Schedule();
    }

    public void Dispose()
    {
        _isDisposed = true;
        ReturnBuffer();
        _http2.Output.Clear();
    }

    /// <summary>At the top of the loop's stack: sends, and then lets others act on what came of it.</summary>
    private void Advance()
    {
        Flush();
        if (_isDisposed)
        {
            return;
        }

        if (_http2.Output.Length > MaxControlBytes)
        {
            _failure ??= TunnelFailures.PeerDoesNotRead();
        }

        if (_failure is not null)
        {
            _owner.Abort(_failure);
            return;
        }

        if (_isFinishing && !_isFinished && _start == _end)
        {
            _isFinished = true;
            _socket.ShutdownSend();
            _owner.OnOutputFinished();
        }

        if (_end - _start <= ResumeBytes && !_owner.Turns.IsEmpty && _errno == 0)
        {
            _owner.Turns.Wake(this);
        }
    }

    /// <param name="keep">Bytes at the end that a later call sends, before the turn is over.</param>
    private unsafe void Write(int keep)
    {
        if (_isBlocked || _errno != 0)
        {
            return;
        }

        fixed (byte* buffer = _buffer)
        {
            while (_start < _end - keep)
            {
                IoResult sent = _socket.Send(buffer + _start, _end - _start - keep, isMoreComing: keep > 0);
                if (sent.Bytes > 0)
                {
                    _start += sent.Bytes;
                }
                else if (sent.IsWouldBlock)
                {
                    _isBlocked = true;
                    _ = ResumeAsync();
                    return;
                }
                else
                {
                    OnSocketError(sent.Errno);
                    return;
                }
            }
        }

        if (keep == 0)
        {
            ReturnBuffer();
        }
    }

    /// <summary>
    /// After a reset or a broken pipe the receiving end finds the reason, behind what the peer had still sent: often a GOAWAY that tells why.
    /// </summary>
    private void OnSocketError(int errno)
    {
        _errno = errno;
        ConnectionFailure failure = TunnelFailures.Socket(errno, "send: the tunnel's connection");
        if (!failure.EndsCopySilently)
        {
            _failure ??= failure;
        }
    }

    private async Task ResumeAsync()
    {
        try
        {
            await _socket.WaitWritableAsync();
            _isBlocked = false;
            if (!_isDisposed)
            {
                Advance();
            }
        }
        catch (Exception error)
        {
            _owner.OnBug(error);
        }
    }

    [SkipLocalsInit]
    private unsafe void SealControl()
    {
        ReadOnlySpan<byte> frames = _http2.Output.Span;
        if (frames.Length > MaxControlBytes)
        {
            return;
        }

        if (!frames.IsEmpty)
        {
            byte* slot = stackalloc byte[SlotStride];
            for (int sealedBytes = 0; sealedBytes < frames.Length; sealedBytes += TlsSession.MaxPlaintext)
            {
                int length = Math.Min(TlsSession.MaxPlaintext, frames.Length - sealedBytes);
                frames.Slice(sealedBytes, length).CopyTo(new Span<byte>(slot, SlotStride));
                Seal(slot, length);
            }

            _http2.Output.Clear();
        }

        if (_session.HasControlOutput && EnsureRoom(TlsSession.MaxControlBytes))
        {
            _end += _session.WriteControl(_buffer.AsSpan(_end));
        }
    }

    private unsafe void Seal(byte* slot, int length)
    {
        if (_failure is not null || !EnsureRoom(length + TlsSession.Overhead))
        {
            return;
        }

        int written = _session.Seal(new Span<byte>(slot, SlotStride), length, _buffer.AsSpan(_end));
        _end += written;
        if (written == 0 && !_isFinishing && _session.Failure is { } failure)
        {
            _failure = TunnelFailures.Tls(failure);
        }
    }

    /// <returns>False when the peer has left so much unread that the tunnel is given up.</returns>
    private bool EnsureRoom(int bytes)
    {
        _buffer ??= ArrayPool<byte>.Shared.Rent(BufferBytes);
        if (_buffer.Length - _end < bytes)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_buffer.Length - _end >= bytes)
        {
            return true;
        }

        _failure ??= TunnelFailures.PeerDoesNotRead();
        return false;
    }

    private void ReturnBuffer()
    {
        if (_buffer is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        _buffer = null;
        _start = _end = 0;
    }
}
