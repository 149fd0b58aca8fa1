namespace Ambient.Tls;

public enum TlsHandshakeStatus
{
    /// <summary>Send what was produced, then come back with more bytes from the peer.</summary>
    NeedMore,

    /// <summary>Send what was produced, then take the session.</summary>
    Completed,

    /// <summary>Send what was produced (it may hold an alert), then close; <see cref="TlsHandshake.Failure"/> says why.</summary>
    Failed,
}
