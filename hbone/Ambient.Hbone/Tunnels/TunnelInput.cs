using System.Buffers;
using System.Runtime.InteropServices;
using Ambient.Tls;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone.Tunnels;

/// <summary>
/// The receiving end of a tunnel's socket: one read of up to 256 KiB into a buffer that all tunnels of a loop share, records decrypted where
/// they lie. Between reads a tunnel keeps only the bytes of a record that is not complete yet, so an idle tunnel holds no buffer. A tunnel inside
/// another one reads while the outer one's batch still lies in that buffer, so inner tunnels share a second one.
/// </summary>
internal sealed unsafe class TunnelInput : IDisposable
{
    private const int ReadBytes = 256 * 1024;

    /// <summary>Longest TLS 1.3 record on the wire: header, 2^14 bytes, 256 bytes of expansion (RFC 8446 5.2).</summary>
    private const int MaxRecordBytes = 5 + 16384 + 256;

    /// <summary>One a loop thread, for the life of the process: a batch is consumed or copied before the next tunnel reads.</summary>
    [ThreadStatic]
    private static byte* t_buffer;

    /// <summary>Made when the loop's first inner tunnel reads.</summary>
    [ThreadStatic]
    private static byte* t_innerBuffer;

    private readonly bool _isInner;
    private byte[]? _carried;
    private int _carriedBytes;
    private int _position;
    private int _end;

    /// <summary>Starts with bytes that the handshake received behind its last record.</summary>
    public TunnelInput(ReadOnlySpan<byte> leftover, bool isInner)
    {
        _isInner = isInner;
        Carry(leftover);
    }

    /// <summary>True while bytes wait that no read announced: the handshake's leftover.</summary>
    public bool HasLeftover => _carriedBytes > 0;

    public bool HoldsBuffer => _carried is not null;

    private byte* Buffer => _isInner
        ? (t_innerBuffer is null ? t_innerBuffer = Allocate() : t_innerBuffer)
        : (t_buffer is null ? t_buffer = Allocate() : t_buffer);

    /// <summary>Reads once; on success the batch is ready for <see cref="Next"/>.</summary>
    public IoResult Receive(ILoopDuplex socket)
    {
        byte* buffer = Buffer;
        IoResult read = socket.Receive(buffer + _carriedBytes, ReadBytes);
        if (read.Bytes > 0)
        {
            BeginBatch(read.Bytes);
        }

        return read;
    }

    /// <summary>Makes a batch of the carried bytes alone, before the first read.</summary>
    public void BeginBatch(int received)
    {
        byte* buffer = Buffer;
        _carried.AsSpan(0, _carriedBytes).CopyTo(new Span<byte>(buffer, MaxRecordBytes));
        _position = 0;
        _end = _carriedBytes + received;
        DropCarried();
    }

    /// <summary>Decrypts the next record of the batch; <paramref name="plaintext"/> lies in the shared buffer.</summary>
    public TlsReadStatus Next(TlsSession session, out byte* plaintext, out int length)
    {
        TlsReadStatus status = session.Read(new Span<byte>(Buffer + _position, _end - _position), out int consumed, out Span<byte> opened);
        _position += consumed;
        length = opened.Length;
        plaintext = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(opened));
        return status;
    }

    /// <summary>Ends the batch: whatever follows the last complete record is kept for the next read.</summary>
    public void EndBatch() => Carry(new ReadOnlySpan<byte>(Buffer + _position, _end - _position));

    public void Dispose() => DropCarried();

    private static byte* Allocate() => (byte*)NativeMemory.AlignedAlloc(MaxRecordBytes + ReadBytes, 64);

    private void Carry(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            return;
        }

        _carried = ArrayPool<byte>.Shared.Rent(rest.Length);
        rest.CopyTo(_carried);
        _carriedBytes = rest.Length;
    }

    private void DropCarried()
    {
        if (_carried is { } carried)
        {
            ArrayPool<byte>.Shared.Return(carried);
        }

        _carried = null;
        _carriedBytes = 0;
    }
}
