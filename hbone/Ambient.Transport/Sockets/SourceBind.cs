namespace Ambient.Transport.Sockets;

/// <summary>What became of a transparent source address (node-proxy 2.6). A failure is to be warned about; the connection goes on without it.</summary>
public enum SourceBind
{
    NotRequested,

    /// <summary>The source is the destination's own address; a plain connect already has the right source.</summary>
    NotNeeded,

    Bound,

    Failed,
}
