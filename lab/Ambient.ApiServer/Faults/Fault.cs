namespace Ambient.ApiServer.Faults;

/// <summary>What goes wrong with a request.</summary>
public enum Fault
{
    /// <summary>The server is not there: connections are closed without an answer.</summary>
    Away,

    /// <summary>500.</summary>
    InternalError,

    /// <summary>429 with Retry-After.</summary>
    TooManyRequests,

    /// <summary>410: a watch or a page from any earlier version is refused.</summary>
    Expired,

    /// <summary>The answer comes late.</summary>
    Slow,
}
