using System.Buffers.Binary;

namespace Ambient.Tls.Records;

/// <summary>
/// Handshake messages after the handshake (RFC 8446 4.6), which may be spread over records and share them. Tickets are parsed and
/// dropped, key updates reported; nothing else is allowed, since no extension that would bring it is offered.
/// </summary>
internal sealed class PostHandshakeMessages(TlsRole role)
{
    /// <summary>
    /// The largest message held. A ticket could be larger by its format, but no server makes such a one.
    /// </summary>
    public const int MaxMessageBytes = 64 * 1024;

    private const int HeaderBytes = 4;
    private const byte NewSessionTicket = 4;
    private const byte KeyUpdate = 24;

    // Null while no message is unfinished: an idle connection holds no buffer.
    private byte[]? _pending;
    private int _pendingBytes;

    /// <summary>True while other records would be interleaved with a message (RFC 8446 5.1).</summary>
    public bool IsMidMessage => _pendingBytes > 0;

    /// <summary>Takes the content of one handshake record.</summary>
    /// <param name="content">Not empty.</param>
    /// <param name="outcome">What the reader has to do.</param>
    /// <returns>null, or why the connection is over.</returns>
    public TlsFailure? Take(ReadOnlySpan<byte> content, out PostHandshakeOutcome outcome)
    {
        outcome = PostHandshakeOutcome.None;
        if (IsMidMessage)
        {
            Append(content);
            content = _pending.AsSpan(0, _pendingBytes);
        }

        while (content.Length >= HeaderBytes)
        {
            int length = (content[1] << 16) | (content[2] << 8) | content[3];
            TlsFailure? failure = CheckHeader(content[0], length);
            if (failure is not null)
            {
                return failure;
            }

            if (content.Length - HeaderBytes < length)
            {
                break;
            }

            failure = Handle(content[0], content.Slice(HeaderBytes, length), ref outcome);
            content = content[(HeaderBytes + length)..];
            if (failure is null && outcome != PostHandshakeOutcome.None && !content.IsEmpty)
            {
                // What follows would be under the next keys (RFC 8446 5.1).
                failure = SessionFailures.UnexpectedMessage("a key update is not at the end of its record");
            }

            if (failure is not null)
            {
                return failure;
            }
        }

        Keep(content);
        return null;
    }

    private static bool IsTicketWellFormed(ReadOnlySpan<byte> body)
    {
        const int FixedBytes = 4 + 4;
        return body.Length > FixedBytes
            && TrySkip(ref body, FixedBytes)
            && TrySkipVector(ref body, 1, 0)
            && TrySkipVector(ref body, 2, 1)
            && TryTakeVector(ref body, 2, 0, out ReadOnlySpan<byte> extensions)
            && body.IsEmpty
            && AreExtensionsWellFormed(extensions);
    }

    private static bool AreExtensionsWellFormed(ReadOnlySpan<byte> extensions)
    {
        while (!extensions.IsEmpty)
        {
            if (!TrySkip(ref extensions, 2) || !TrySkipVector(ref extensions, 2, 0))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> body, int count)
    {
        bool hasRoom = body.Length >= count;
        body = hasRoom ? body[count..] : default;
        return hasRoom;
    }

    private static bool TrySkipVector(ref ReadOnlySpan<byte> body, int lengthBytes, int minimum) =>
        TryTakeVector(ref body, lengthBytes, minimum, out _);

    private static bool TryTakeVector(ref ReadOnlySpan<byte> body, int lengthBytes, int minimum, out ReadOnlySpan<byte> vector)
    {
        vector = default;
        if (body.Length < lengthBytes)
        {
            return false;
        }

        int length = lengthBytes == 1 ? body[0] : BinaryPrimitives.ReadUInt16BigEndian(body);
        ReadOnlySpan<byte> rest = body[lengthBytes..];
        if (length < minimum || length > rest.Length)
        {
            return false;
        }

        vector = rest[..length];
        body = rest[length..];
        return true;
    }

    /// <summary>Refuses on the header alone, before any of the message is held.</summary>
    private TlsFailure? CheckHeader(byte type, int length) => type switch
    {
        KeyUpdate when length != 1 => SessionFailures.DecodeError("a key update"),
        KeyUpdate => null,
        NewSessionTicket when role == TlsRole.Server => SessionFailures.UnexpectedMessage("a client sent a session ticket"),
        NewSessionTicket when length > MaxMessageBytes - HeaderBytes => SessionFailures.LimitExceeded($"a session ticket of {length} bytes"),
        NewSessionTicket => null,
        _ => SessionFailures.UnexpectedMessage($"a handshake message of type {type} after the handshake"),
    };

    private static TlsFailure? Handle(byte type, ReadOnlySpan<byte> body, ref PostHandshakeOutcome outcome)
    {
        if (type == NewSessionTicket)
        {
            return IsTicketWellFormed(body) ? null : SessionFailures.DecodeError("a session ticket");
        }

        switch (body[0])
        {
            case 0:
                outcome = PostHandshakeOutcome.KeysUpdated;
                return null;
            case 1:
                outcome = PostHandshakeOutcome.KeysUpdatedAndAnswerWanted;
                return null;
            default:
                return SessionFailures.IllegalParameter($"a key update with the unknown request {body[0]}");
        }
    }

    private void Append(ReadOnlySpan<byte> content)
    {
        int needed = _pendingBytes + content.Length;
        if (_pending!.Length < needed)
        {
            Array.Resize(ref _pending, Math.Max(needed, _pending.Length * 2));
        }

        content.CopyTo(_pending.AsSpan(_pendingBytes));
        _pendingBytes = needed;
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            _pending = null;
            _pendingBytes = 0;
            return;
        }

        if (_pending is null)
        {
            _pending = rest.ToArray();
        }
        else
        {
            rest.CopyTo(_pending);
        }

        _pendingBytes = rest.Length;
    }
}
