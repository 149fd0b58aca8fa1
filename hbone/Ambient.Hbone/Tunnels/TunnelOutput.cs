using System.Buffers;
using System.Runtime.CompilerServices;
using Ambient.Hbone.Http2;
using Ambient.Tls;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone.Tunnels;

/// <summary>
/// The sending end of a tunnel's socket. Frames are encrypted straight into the send buffer, in the order in which they were made, and leave
/// once per loop turn or when 64 KiB wait. When the peer does not read, streams wait for <see cref="IsCongested"/> to pass.
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
    public const int SlotCount = 4;

    private const int FlushBytes = 64 * 1024;
    private const int CongestedBytes = 128 * 1024;
    private const int ResumeBytes = 64 * 1024;

    /// <summary>Congestion, one full burst of slots, and the HTTP/2 layer's bounded answers fit with room to spare.</summary>
    private const int BufferBytes = 512 * 1024;

    /// <summary>What control frames must leave free for data that was made before congestion was seen.</summary>
    private const int ControlReserve = 128 * 1024;

    private readonly LoopSocket _socket;
    private readonly TlsSession _session;
    private readonly Http2Connection _http2;
    private readonly Queue<LoopSignal> _waiting = new();
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private bool _isScheduled;
    private bool _isBlocked;
    private bool _isDisposed;

    public TunnelOutput(LoopSocket socket, TlsSession session, Http2Connection http2)
    {
        _socket = socket;
        _session = session;
        _http2 = http2;
    }

    /// <summary>So much waits for the peer that streams must not add to it.</summary>
    public bool IsCongested => _end - _start >= CongestedBytes;

    /// <summary>Everything made so far is in the kernel's hands.</summary>
    public bool IsEmpty => _start == _end && _http2.Output.Length == 0 && !_session.HasControlOutput;

    /// <summary>The errno with which the socket refused bytes for good; 0 while it works.</summary>
    public int Errno { get; private set; }

    /// <summary>Encrypts the first <paramref name="length"/> bytes of a slot, which are whole frames, behind everything made before.</summary>
    public unsafe void Send(byte* slot, int length)
    {
        SealControl();
        Seal(slot, length);
        if (_end - _start >= FlushBytes)
        {
            Flush();
        }
        else
        {
            Schedule();
        }
    }

    /// <summary>Frames were made in the HTTP/2 layer's own buffer: they leave at the end of this turn.</summary>
    public void Schedule()
    {
        if (!_isScheduled && !_isDisposed)
        {
            _isScheduled = true;
            _socket.Loop.RunAtTurnEnd(this);
        }
    }

    /// <summary>Registers a stream's signal to be set once when congestion has passed.</summary>
    public void WaitForRoom(LoopSignal signal) => _waiting.Enqueue(signal);

    public void OnTurnEnd()
    {
        _isScheduled = false;
        Flush();
    }

    public void Flush()
    {
        if (_isDisposed || _isBlocked || Errno != 0)
        {
            return;
        }

        SealControl();
        Write();
        if (_end - _start <= ResumeBytes)
        {
            WakeWaiting();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        ReturnBuffer();
        WakeWaiting();
    }

    private unsafe void Write()
    {
        fixed (byte* buffer = _buffer)
        {
            while (_start < _end)
            {
                IoResult sent = _socket.Send(buffer + _start, _end - _start);
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
                    Errno = sent.Errno;
                    return;
                }
            }
        }

        ReturnBuffer();
    }

    private async Task ResumeAsync()
    {
        await _socket.WaitWritableAsync();
        _isBlocked = false;
        Flush();
    }

    [SkipLocalsInit]
    private unsafe void SealControl()
    {
        ReadOnlySpan<byte> frames = _http2.Output.Span;
        if (!frames.IsEmpty && frames.Length < BufferBytes - ControlReserve - (_end - _start))
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

        if (_session.HasControlOutput)
        {
            EnsureRoom(TlsSession.MaxControlBytes);
            _end += _session.WriteControl(_buffer.AsSpan(_end));
        }
    }

    private unsafe void Seal(byte* slot, int length)
    {
        EnsureRoom(length + TlsSession.Overhead);
        _end += _session.Seal(new Span<byte>(slot, SlotStride), length, _buffer.AsSpan(_end));
    }

    private void EnsureRoom(int bytes)
    {
        _buffer ??= ArrayPool<byte>.Shared.Rent(BufferBytes);
        if (_buffer.Length - _end < bytes)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
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

    private void WakeWaiting()
    {
        for (int count = _waiting.Count; count > 0; count--)
        {
            _waiting.Dequeue().Set();
        }
    }
}
