namespace Ambient.Tls.Records;

/// <summary>The sending direction: data records on demand, and the control records that wait for their turn.</summary>
internal sealed unsafe class RecordWriter(RecordProtection protection) : IDisposable
{
    /// <summary>Full records under one AES-GCM key with the margin of RFC 8446 5.5 (2^24.5); no record is sealed beyond it.</summary>
    public const ulong MaxRecordsPerKey = 23_726_566;

    /// <summary>From here on a key update waits to be sent, seven million records before it must be.</summary>
    public const ulong UpdateAfterRecords = 1 << 24;

    private const int AlertBytes = 2;
    private const int KeyUpdateBytes = 5;
    private const byte WarningLevel = 1;
    private const byte FatalLevel = 2;

    private bool _isKeyUpdateQueued;
    private TlsAlert? _queuedAlert;
    private bool _isClosed;

    public bool HasControlOutput => !_isClosed && (_isKeyUpdateQueued || _queuedAlert is not null);

    /// <summary>True when the limit is reached because nobody sent the queued key update.</summary>
    public bool IsExhausted => protection.Sequence >= MaxRecordsPerKey;

    /// <summary>False once an alert is queued: data after it would not be read.</summary>
    public bool CanSeal => !_isClosed && _queuedAlert is null;

    public int Seal(Span<byte> slot, int length, Span<byte> destination)
    {
        int written;
        fixed (byte* source = slot, target = destination)
        {
            byte displaced = source[length];
            source[length] = (byte)ContentType.ApplicationData;
            written = protection.Seal(source, length + 1, target);
            source[length] = displaced;
        }

        if (protection.Sequence >= UpdateAfterRecords)
        {
            QueueKeyUpdate();
        }

        return written;
    }

    /// <summary>One is enough however often it is asked for (RFC 8446 4.6.3), so a peer cannot make the output grow.</summary>
    public void QueueKeyUpdate() => _isKeyUpdateQueued = true;

    /// <summary>The first alert stands, but a fatal one replaces close_notify.</summary>
    public void QueueAlert(TlsAlert alert)
    {
        if (_queuedAlert is null or TlsAlert.CloseNotify)
        {
            _queuedAlert = alert;
        }
    }

    public int WriteControl(Span<byte> destination)
    {
        int written = 0;
        bool isFatal = _queuedAlert is not (null or TlsAlert.CloseNotify);
        if (!_isClosed && _isKeyUpdateQueued && !isFatal && Fits(destination, KeyUpdateBytes))
        {
            // update_not_requested: our own keys are what is at its limit, or this is the answer to a request.
            ReadOnlySpan<byte> message = [24, 0, 0, 1, 0];
            written += SealControl(message, ContentType.Handshake, destination);
            protection.Update();
            _isKeyUpdateQueued = false;
        }

        bool isKeyUpdateLeft = _isKeyUpdateQueued && !isFatal;
        if (!_isClosed && !isKeyUpdateLeft && _queuedAlert is { } alert && Fits(destination[written..], AlertBytes))
        {
            ReadOnlySpan<byte> message = [isFatal ? FatalLevel : WarningLevel, (byte)alert];
            written += SealControl(message, ContentType.Alert, destination[written..]);
            _isClosed = true;
            protection.Dispose();
        }

        return written;
    }

    public void Dispose()
    {
        _isClosed = true;
        protection.Dispose();
    }

    private static bool Fits(Span<byte> destination, int length) => destination.Length >= length + TlsSession.Overhead;

    private int SealControl(ReadOnlySpan<byte> message, ContentType type, Span<byte> destination)
    {
        byte* inner = stackalloc byte[KeyUpdateBytes + 1];
        message.CopyTo(new Span<byte>(inner, KeyUpdateBytes));
        inner[message.Length] = (byte)type;
        fixed (byte* target = destination)
        {
            return protection.Seal(inner, message.Length + 1, target);
        }
    }
}
