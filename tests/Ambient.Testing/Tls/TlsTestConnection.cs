using System.Buffers;
using System.Text;
using Ambient.Tls;

namespace Ambient.Testing.Tls;

/// <summary>Carries a handshake and its session over a stream, the way a loop would, but one await at a time.</summary>
public sealed class TlsTestConnection : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _buffered;

    private TlsTestConnection(Stream stream, TlsSession session, ReadOnlySpan<byte> leftover)
    {
        _stream = stream;
        Session = session;
        leftover.CopyTo(_buffer);
        _buffered = leftover.Length;
    }

    public TlsSession Session { get; }

    /// <summary>Records that carried no data: tickets and key updates.</summary>
    public int Skipped { get; private set; }

    /// <returns>The connection, or null when the handshake failed; the handshake then says why.</returns>
    public static async Task<TlsTestConnection?> OpenAsync(Stream stream, TlsHandshake handshake, CancellationToken cancellation)
    {
        byte[] buffer = new byte[BufferBytes];
        int received = 0;
        while (true)
        {
            var output = new ArrayBufferWriter<byte>();
            TlsHandshakeStatus status = handshake.Advance(buffer.AsSpan(0, received), output);
            await stream.WriteAsync(output.WrittenMemory, cancellation);
            if (status == TlsHandshakeStatus.Completed)
            {
                return new TlsTestConnection(stream, handshake.TakeSession(), handshake.Leftover.Span);
            }

            if (status == TlsHandshakeStatus.Failed)
            {
                return null;
            }

            received = await stream.ReadAsync(buffer, cancellation);
            if (received == 0)
            {
                return null;
            }
        }
    }

    public Task SendAsync(string text, CancellationToken cancellation) => SendAsync(Encoding.UTF8.GetBytes(text), cancellation);

    public async Task SendAsync(byte[] data, CancellationToken cancellation)
    {
        await FlushControlAsync(cancellation);
        for (int at = 0; at < data.Length; at += TlsSession.MaxPlaintext)
        {
            int length = Math.Min(TlsSession.MaxPlaintext, data.Length - at);
            byte[] slot = [.. data.AsSpan(at, length), 0];
            byte[] record = new byte[length + TlsSession.Overhead];
            int written = Session.Seal(slot, length, record);
            await _stream.WriteAsync(record.AsMemory(0, written), cancellation);
        }
    }

    public async Task CloseAsync(CancellationToken cancellation)
    {
        Session.Close();
        await FlushControlAsync(cancellation);
    }

    /// <summary>The data of the next record that has any; null when the peer closed, or the session failed.</summary>
    public async Task<byte[]?> ReceiveAsync(CancellationToken cancellation)
    {
        while (true)
        {
            (TlsReadStatus status, byte[] data) = await ReceiveRecordAsync(cancellation);
            if (status != TlsReadStatus.Skipped)
            {
                return status == TlsReadStatus.ApplicationData ? data : null;
            }
        }
    }

    /// <summary>The next record, whatever it is; the status is NeedMore when the stream ended before it.</summary>
    public async Task<(TlsReadStatus Status, byte[] Data)> ReceiveRecordAsync(CancellationToken cancellation)
    {
        while (true)
        {
            TlsReadStatus status = Session.Read(_buffer.AsSpan(0, _buffered), out int consumed, out Span<byte> plaintext);
            byte[] data = plaintext.ToArray();
            _buffer.AsSpan(consumed, _buffered - consumed).CopyTo(_buffer);
            _buffered -= consumed;
            Skipped += status == TlsReadStatus.Skipped ? 1 : 0;
            await FlushControlAsync(cancellation);
            if (status != TlsReadStatus.NeedMore)
            {
                return (status, data);
            }

            int received = await _stream.ReadAsync(_buffer.AsMemory(_buffered), cancellation);
            if (received == 0)
            {
                return (TlsReadStatus.NeedMore, []);
            }

            _buffered += received;
        }
    }

    /// <summary>Receives until as many bytes have arrived; fewer when the peer closes first.</summary>
    public async Task<byte[]> ReceiveBytesAsync(int count, CancellationToken cancellation)
    {
        var all = new ArrayBufferWriter<byte>();
        while (all.WrittenCount < count && await ReceiveAsync(cancellation) is { } data)
        {
            all.Write(data);
        }

        return all.WrittenSpan.ToArray();
    }

    public async Task<string> ReceiveTextAsync(int count, CancellationToken cancellation) =>
        Encoding.UTF8.GetString(await ReceiveBytesAsync(count, cancellation));

    public void Dispose()
    {
        Session.Dispose();
        _stream.Dispose();
    }

    private async Task FlushControlAsync(CancellationToken cancellation)
    {
        if (Session.HasControlOutput)
        {
            byte[] control = new byte[TlsSession.MaxControlBytes];
            await _stream.WriteAsync(control.AsMemory(0, Session.WriteControl(control)), cancellation);
        }
    }
}
