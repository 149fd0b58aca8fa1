namespace Ambient.Transport.Lifetime;

/// <summary>Why a connection failed. Names are stable: they appear in logs and metrics.</summary>
public enum FailureReason
{
    /// <summary>Nothing below fits; the message says what it was.</summary>
    Other,

    Refused,
    TimedOut,
    Unreachable,
    Reset,

    /// <summary>Written after the peer stopped reading.</summary>
    BrokenPipe,

    NotConnected,
    UnexpectedEnd,

    /// <summary>This process closed the socket under the operation.</summary>
    LocallyClosed,

    OutOfDescriptors,
    OutOfMemory,
    PermissionDenied,
    AddressInUse,
    AddressNotAvailable,
    AddressFamilyNotSupported,
    NamespaceUnavailable,
    Overloaded,

    UnknownWorkload,
    UnknownService,
    UnknownWaypoint,
    UnknownGateway,
    NoHealthyUpstream,
    NoRoute,

    /// <summary>A name has no address.</summary>
    NameResolution,

    SelfCall,
    IllegalPort,

    /// <summary>A tunnel's TCP connect timed out, as it does when a NetworkPolicy drops port 15008.</summary>
    NetworkPolicy,

    PolicyDenied,
    PolicyChanged,

    CertificateExpired,
    CertificateNotYetValid,
    CertificateUntrusted,
    CertificateMissing,
    CertificateRevoked,
    IdentityMismatch,
    IdentityUnavailable,
    TlsProtocol,

    Http2Protocol,
    HttpStatus,
    InvalidRequest,

    /// <summary>What was asked for is not this pod's.</summary>
    WrongDestination,

    GoAway,

    /// <summary>The pod or the proxy is going away and the connection came too late.</summary>
    Draining,

    /// <summary>Still open when the drain's deadline passed.</summary>
    DrainDeadline,
}
