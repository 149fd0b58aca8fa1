using System.Security.Cryptography;
using Ambient.Tls.Aead;

namespace Ambient.Tls.Records;

/// <summary>The receiving direction: from bytes to application data, one record at a time (RFC 8446 5).</summary>
internal sealed unsafe class RecordReader(TlsRole role, RecordProtection protection) : IDisposable
{
    /// <summary>RFC 8446 5.2: at most 256 bytes more than the plaintext.</summary>
    public const int MaxCiphertext = TlsSession.MaxPlaintext + 256;

    /// <summary>
    /// Records without data that are taken in a row. Tickets, key updates and empty records cost us work and bring nothing, so a
    /// peer that sends only those is cut off.
    /// </summary>
    public const int MaxRecordsWithoutData = 32;

    private readonly PostHandshakeMessages _messages = new(role);
    private int _recordsWithoutData;
    private bool _isClosed;

    public TlsFailure? Failure { get; private set; }

    /// <summary>The peer wants our keys updated too; the session clears it when it has queued the answer.</summary>
    public bool IsKeyUpdateWanted { get; set; }

    public TlsReadStatus Read(Span<byte> buffer, out int consumed, out Span<byte> plaintext)
    {
        consumed = 0;
        plaintext = default;
        if (Failure is not null)
        {
            return TlsReadStatus.Failed;
        }

        if (_isClosed)
        {
            // Whatever follows close_notify is ignored (RFC 8446 6.1).
            consumed = buffer.Length;
            return TlsReadStatus.Closed;
        }

        TlsFailure? failure = CheckHeader(buffer, out int length);
        if (failure is not null)
        {
            return Fail(failure);
        }

        if (buffer.Length < RecordProtection.HeaderBytes + length || buffer.Length < RecordProtection.HeaderBytes)
        {
            return TlsReadStatus.NeedMore;
        }

        consumed = RecordProtection.HeaderBytes + length;
        return Open(buffer[..consumed], out plaintext);
    }

    public void Dispose() => protection.Dispose();

    /// <summary>Refuses a record as early as its bytes allow. The version is not looked at, but it is authenticated (RFC 8446 5.1, 5.2).</summary>
    private static TlsFailure? CheckHeader(ReadOnlySpan<byte> buffer, out int length)
    {
        length = 0;
        if (buffer.IsEmpty)
        {
            return null;
        }

        if (buffer[0] != (byte)ContentType.ApplicationData)
        {
            return SessionFailures.UnexpectedMessage($"an unprotected record of type {buffer[0]} after the handshake");
        }

        if (buffer.Length < RecordProtection.HeaderBytes)
        {
            return null;
        }

        length = (buffer[3] << 8) | buffer[4];
        return length switch
        {
            > MaxCiphertext => SessionFailures.RecordOverflow(length),
            < AeadKey.TagBytes => SessionFailures.BadRecordMac(),
            _ => null,
        };
    }

    private TlsReadStatus Open(Span<byte> record, out Span<byte> plaintext)
    {
        plaintext = default;
        if (protection.IsExhausted)
        {
            return Fail(SessionFailures.SequenceExhausted());
        }

        int innerLength = record.Length - RecordProtection.HeaderBytes - AeadKey.TagBytes;
        bool isAuthentic;
        fixed (byte* start = record)
        {
            isAuthentic = protection.Open(start, innerLength);
        }

        if (!isAuthentic)
        {
            return Fail(SessionFailures.BadRecordMac());
        }

        Span<byte> inner = record.Slice(RecordProtection.HeaderBytes, innerLength);
        TlsReadStatus status = TakeInner(inner, out plaintext);
        if (status == TlsReadStatus.Failed)
        {
            CryptographicOperations.ZeroMemory(inner);
        }

        return status;
    }

    private TlsReadStatus TakeInner(Span<byte> inner, out Span<byte> plaintext)
    {
        plaintext = default;
        if (inner.Length > TlsSession.MaxPlaintext + 1)
        {
            return Fail(SessionFailures.RecordOverflow(inner.Length));
        }

        // Padding is all zeros after the content type, so the last byte that is not zero is the type (RFC 8446 5.4).
        int typeAt = inner.LastIndexOfAnyExcept((byte)0);
        if (typeAt < 0)
        {
            return Fail(SessionFailures.UnexpectedMessage("a record without a content type"));
        }

        var type = (ContentType)inner[typeAt];
        Span<byte> content = inner[..typeAt];
        if (_messages.IsMidMessage && type != ContentType.Handshake)
        {
            return Fail(SessionFailures.UnexpectedMessage("another record inside a handshake message"));
        }

        if (type == ContentType.ApplicationData && !content.IsEmpty)
        {
            _recordsWithoutData = 0;
            plaintext = content;
            return TlsReadStatus.ApplicationData;
        }

        return TakeWithoutData(type, content);
    }

    private TlsReadStatus TakeWithoutData(ContentType type, ReadOnlySpan<byte> content)
    {
        if (++_recordsWithoutData > MaxRecordsWithoutData)
        {
            return Fail(SessionFailures.LimitExceeded($"more than {MaxRecordsWithoutData} records in a row without data"));
        }

        switch (type)
        {
            case ContentType.ApplicationData:
                return TlsReadStatus.Skipped;
            case ContentType.Handshake or ContentType.Alert when content.IsEmpty:
                return Fail(SessionFailures.UnexpectedMessage("an empty alert or handshake record"));
            case ContentType.Handshake:
                return TakeHandshake(content);
            case ContentType.Alert:
                return TakeAlert(content);
            default:
                return Fail(SessionFailures.UnexpectedMessage($"a protected record of type {(byte)type}"));
        }
    }

    private TlsReadStatus TakeHandshake(ReadOnlySpan<byte> content)
    {
        TlsFailure? failure = _messages.Take(content, out PostHandshakeOutcome outcome);
        if (failure is not null)
        {
            return Fail(failure);
        }

        if (outcome != PostHandshakeOutcome.None)
        {
            protection.Update();
            IsKeyUpdateWanted |= outcome == PostHandshakeOutcome.KeysUpdatedAndAnswerWanted;
        }

        return TlsReadStatus.Skipped;
    }

    private TlsReadStatus TakeAlert(ReadOnlySpan<byte> content)
    {
        const int AlertBytes = 2;
        if (content.Length != AlertBytes)
        {
            return Fail(SessionFailures.DecodeError("an alert"));
        }

        // The level is ignored: all alerts but two end the connection, whatever they call themselves (RFC 8446 6).
        var alert = (TlsAlert)content[1];
        switch (alert)
        {
            case TlsAlert.CloseNotify:
                _isClosed = true;
                protection.Dispose();
                return TlsReadStatus.Closed;
            case TlsAlert.UserCanceled:
                return TlsReadStatus.Skipped;
            default:
                return Fail(HandshakeFailures.FromPeer(alert));
        }
    }

    private TlsReadStatus Fail(TlsFailure failure)
    {
        Failure = failure;
        protection.Dispose();
        return TlsReadStatus.Failed;
    }
}
