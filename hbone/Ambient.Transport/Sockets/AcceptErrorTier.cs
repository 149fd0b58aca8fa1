namespace Ambient.Transport.Sockets;

/// <summary>What an accept error asks for.</summary>
internal enum AcceptErrorTier
{
    /// <summary>The queue is empty.</summary>
    Empty,

    /// <summary>One connection was lost before it was accepted; count it and go on.</summary>
    Transient,

    /// <summary>Descriptors or memory have run out; wait and try again.</summary>
    Pressure,

    /// <summary>The listener is unusable.</summary>
    Dead,
}
