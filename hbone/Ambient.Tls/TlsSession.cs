using Ambient.Tls.Aead;
using Ambient.Tls.Records;

namespace Ambient.Tls;

/// <summary>
/// An established TLS 1.3 connection: the record layer of RFC 8446 5 without a socket. Not thread-safe; it lives on one loop.
/// </summary>
public sealed class TlsSession : IDisposable
{
    /// <summary>Most application data in one record (RFC 8446 5.1).</summary>
    public const int MaxPlaintext = 16384;

    /// <summary>What a record adds to its data: header, content type, tag.</summary>
    public const int Overhead = RecordProtection.HeaderBytes + 1 + AeadKey.TagBytes;

    /// <summary>A destination of this size always takes everything that <see cref="WriteControl"/> has.</summary>
    public const int MaxControlBytes = 64;

    private readonly RecordReader _reader;
    private readonly RecordWriter _writer;
    private TlsFailure? _sealFailure;
    private bool _isDisposed;

    private TlsSession(TlsPeer peer, TlsSuite suite, RecordReader reader, RecordWriter writer)
    {
        Peer = peer;
        Suite = suite;
        _reader = reader;
        _writer = writer;
    }

    public TlsPeer Peer { get; }

    public TlsSuite Suite { get; }

    /// <summary>Set once, when <see cref="Read"/> or <see cref="Seal"/> finds the connection unusable.</summary>
    public TlsFailure? Failure => _reader.Failure ?? _sealFailure;

    /// <summary>True while a key update, an alert or close_notify waits for <see cref="WriteControl"/>.</summary>
    public bool HasControlOutput => _writer.HasControlOutput;

    /// <summary>
    /// Opens in place the first complete record of <paramref name="buffer"/>. <paramref name="plaintext"/> lies inside the
    /// consumed part of the buffer; nothing of a record that does not authenticate is left in it. A record takes at most
    /// 16,645 bytes, so a buffer of that size never waits for ever.
    /// </summary>
    public TlsReadStatus Read(Span<byte> buffer, out int consumed, out Span<byte> plaintext)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        TlsReadStatus status = _reader.Read(buffer, out consumed, out plaintext);
        if (status != TlsReadStatus.ApplicationData)
        {
            AfterControl(status);
        }

        return status;
    }

    /// <summary>
    /// Seals the first <paramref name="length"/> bytes of <paramref name="slot"/> as one record. The slot needs one writable byte
    /// behind them, which is restored. The destination needs <see cref="Overhead"/> more than the length and must not overlap the slot.
    /// </summary>
    /// <returns>Bytes written; 0 when this side has closed or failed and nothing may be sent any more.</returns>
    public int Seal(Span<byte> slot, int length, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)MaxPlaintext, nameof(length));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(length, slot.Length, nameof(slot));
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, length + Overhead, nameof(destination));
        if (!_writer.CanSeal)
        {
            return 0;
        }

        if (_writer.IsExhausted)
        {
            _sealFailure = SessionFailures.KeyExhausted();
            _writer.QueueAlert(TlsAlert.InternalError);
            return 0;
        }

        return _writer.Seal(slot, length, destination);
    }

    /// <summary>Writes waiting control records that fit, whole ones only. The caller puts them in its send order at this point.</summary>
    public int WriteControl(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _writer.WriteControl(destination);
    }

    /// <summary>Queues close_notify; from now on nothing more can be sealed. Reading goes on.</summary>
    public void Close() => _writer.QueueAlert(TlsAlert.CloseNotify);

    /// <summary>Zeroes the keys. Nothing is sent; call <see cref="Close"/> first for an orderly end.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _reader.Dispose();
        _writer.Dispose();
    }

    /// <summary>Takes over both states: they are disposed with the session.</summary>
    internal static TlsSession Create(TlsPeer peer, TlsRole role, AeadProvider provider, TlsTrafficState receiving, TlsTrafficState sending) =>
        new(
            peer,
            sending.Suite,
            new RecordReader(role, new RecordProtection(provider, receiving)),
            new RecordWriter(new RecordProtection(provider, sending)));

    private void AfterControl(TlsReadStatus status)
    {
        if (_reader.IsKeyUpdateWanted)
        {
            _reader.IsKeyUpdateWanted = false;
            _writer.QueueKeyUpdate();
        }

        if (status == TlsReadStatus.Failed)
        {
            RefuseToSend(_reader.Failure!);
        }
    }

    private void RefuseToSend(TlsFailure failure)
    {
        if (failure.Reason == TlsFailureReason.PeerAlert)
        {
            // The peer has closed both directions (RFC 8446 6.2).
            _writer.Dispose();
        }
        else if (failure.Alert is { } alert)
        {
            _writer.QueueAlert(alert);
        }
    }
}
