namespace Ambient.Tls.Records;

/// <summary>The failures of the record layer, each with the alert that RFC 8446 asks for.</summary>
internal static class SessionFailures
{
    private const string TamperHint =
        "Bytes were changed or lost between the proxies, or something else spoke on the connection; capture both ends to see where.";

    public static TlsFailure BadRecordMac() =>
        new(TlsFailureReason.BadRecordMac, TlsAlert.BadRecordMac, "a record did not authenticate", TamperHint);

    public static TlsFailure RecordOverflow(int length) =>
        new(TlsFailureReason.ProtocolError, TlsAlert.RecordOverflow, $"a record of {length} bytes is over the limit", null);

    public static TlsFailure UnexpectedMessage(string what) =>
        new(TlsFailureReason.ProtocolError, TlsAlert.UnexpectedMessage, what, null);

    public static TlsFailure DecodeError(string what) =>
        new(TlsFailureReason.ProtocolError, TlsAlert.DecodeError, $"{what} is malformed", null);

    public static TlsFailure IllegalParameter(string what) =>
        new(TlsFailureReason.ProtocolError, TlsAlert.IllegalParameter, what, null);

    public static TlsFailure LimitExceeded(string what) =>
        new(TlsFailureReason.LimitExceeded, TlsAlert.UnexpectedMessage, what, null);

    public static TlsFailure SequenceExhausted() =>
        new(TlsFailureReason.KeyExhausted, TlsAlert.InternalError, "the peer used up its sequence numbers without a key update", null);

    public static TlsFailure KeyExhausted() => new(
        TlsFailureReason.KeyExhausted,
        TlsAlert.InternalError,
        "our sending key reached its limit while a key update waited to be sent",
        "This is a bug of the proxy; report it with this line.");
}
