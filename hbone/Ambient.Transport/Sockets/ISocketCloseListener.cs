namespace Ambient.Transport.Sockets;

/// <summary>Told when a socket is disposed or aborted, however far from its readiness it waits at that time.</summary>
public interface ISocketCloseListener
{
    /// <summary>On the loop, after the waiters of the socket were woken.</summary>
    void OnClosed(LoopSocket socket);
}
