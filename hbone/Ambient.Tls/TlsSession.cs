namespace Ambient.Tls;

/// <summary>
/// An established TLS 1.3 connection: the record layer of RFC 8446 5 without a socket. Not thread-safe; it lives on one loop.
/// </summary>
public sealed class TlsSession : IDisposable
{
    /// <summary>Most application data in one record (RFC 8446 5.1).</summary>
    public const int MaxPlaintext = 16384;

    /// <summary>What a record adds to its data: header, content type, tag.</summary>
    public const int Overhead = 5 + 1 + 16;

    /// <summary>A destination of this size always takes everything that <see cref="WriteControl"/> has.</summary>
    public const int MaxControlBytes = 64;

    internal TlsSession(TlsPeer peer)
    {
        Peer = peer;
        Suite = TlsSuite.Aes128GcmSha256;
    }

    public TlsPeer Peer { get; }

    public TlsSuite Suite { get; }

    /// <summary>Set once, when <see cref="Read"/> or <see cref="Seal"/> finds the connection unusable.</summary>
    public TlsFailure? Failure { get; private set; }

    /// <summary>True while a key update, an alert or close_notify waits for <see cref="WriteControl"/>.</summary>
    public bool HasControlOutput { get; }

    /// <summary>
    /// Opens in place the first complete record of <paramref name="buffer"/>. <paramref name="plaintext"/> lies inside the
    /// consumed part of the buffer; nothing of a record that does not authenticate is left in it.
    /// </summary>
    public TlsReadStatus Read(Span<byte> buffer, out int consumed, out Span<byte> plaintext) => throw new NotSupportedException();

    /// <summary>
    /// Seals the first <paramref name="length"/> bytes of <paramref name="slot"/> as one record. The slot needs one writable byte
    /// behind them, which is restored. The destination needs <see cref="Overhead"/> more than the length and must not overlap the slot.
    /// </summary>
    /// <returns>Bytes written; 0 when this side has closed or failed and nothing may be sent any more.</returns>
    public int Seal(Span<byte> slot, int length, Span<byte> destination) => throw new NotSupportedException();

    /// <summary>Writes waiting control records that fit, whole ones only. The caller puts them in its send order at this point.</summary>
    public int WriteControl(Span<byte> destination) => throw new NotSupportedException();

    /// <summary>Queues close_notify; after it is written nothing more can be sealed. Reading goes on.</summary>
    public void Close()
    {
    }

    public void Dispose()
    {
    }
}
