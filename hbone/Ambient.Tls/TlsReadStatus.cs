namespace Ambient.Tls;

public enum TlsReadStatus
{
    /// <summary>One record of application data was opened; its plaintext is not empty.</summary>
    ApplicationData,

    /// <summary>The buffer holds no complete record.</summary>
    NeedMore,

    /// <summary>A record without data was consumed: a ticket, a key update, or empty application data.</summary>
    Skipped,

    /// <summary>The peer sent close_notify. It may still read what we send.</summary>
    Closed,

    /// <summary>The connection is unusable; <see cref="TlsSession.Failure"/> says why and the control output may hold an alert.</summary>
    Failed,
}
