namespace Ambient.LoadGenerator;

/// <summary>What the resident generator can be told to do.</summary>
internal static class LoadCommandKind
{
    /// <summary>New connections in a closed loop: connect, one byte there and back, close.</summary>
    public const string Connect = "connect";

    /// <summary>Messages there and back on connections that stay open.</summary>
    public const string PingPong = "ping-pong";

    /// <summary>Opens connections, passes one byte over each, and keeps them.</summary>
    public const string Hold = "hold";

    /// <summary>Opens connections and never reads from them.</summary>
    public const string Stall = "stall";

    /// <summary>Closes everything that is held or stalled.</summary>
    public const string Release = "release";

    /// <summary>Opens connections to a sender, reads a little of each and resets them.</summary>
    public const string Abort = "abort";

    /// <summary>Offers TLS without a client certificate and reports whether that was accepted.</summary>
    public const string ProbeTls = "probe-tls";
}
