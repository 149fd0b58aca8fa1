namespace Ambient.Xds;

/// <summary>How a stream ended; the names are those of the metric's label (node-proxy 3.5).</summary>
public enum XdsStreamEnd
{
    /// <summary>It could not be established.</summary>
    ConnectionError,

    /// <summary>The server or the network closed it, as happens in normal operation.</summary>
    Reconnect,

    Error,

    /// <summary>The server ended it with status OK.</summary>
    Complete,
}
