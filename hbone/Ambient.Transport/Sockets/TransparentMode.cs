namespace Ambient.Transport.Sockets;

/// <summary>Whether a listener asks for IP_TRANSPARENT (node-proxy 2.6, ENABLE_ORIG_SRC).</summary>
public enum TransparentMode
{
    /// <summary>Not asked for.</summary>
    Never,

    /// <summary>Asked for; the listener works without it.</summary>
    Try,

    /// <summary>The listener fails without it.</summary>
    Required,
}
