using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone.Tunnels;

/// <summary>
/// What ends the wait for the answer to a CONNECT beside the answer: a deadline, and the end of the connection it is for. Without them a peer
/// that never answers would hold the connection, its stream and its report for ever, through a drain too.
/// </summary>
internal sealed class AnswerWait : ISocketCloseListener, IDisposable
{
    private readonly TunnelStream _stream;
    private readonly LoopSocket? _caller;
    private readonly LoopTimer _deadline;

    public AnswerWait(TunnelStream stream, LoopSocket? caller, TimeSpan timeout)
    {
        _stream = stream;
        _caller = caller;
        _deadline = stream.Loop.StartTimer(timeout, static state => ((TunnelStream)state!).Abort(TunnelFailures.AnswerTimedOut()), stream);
        if (caller is { IsDisposed: true })
        {
            ((ISocketCloseListener)this).OnClosed(caller);
        }
        else if (caller is not null)
        {
            caller.CloseListener = this;
        }
    }

    void ISocketCloseListener.OnClosed(LoopSocket socket) => _stream.Abort(socket.AbortReason ?? TunnelFailures.Drained());

    public void Dispose()
    {
        _deadline.Cancel();
        if (_caller is not null && _caller.CloseListener == this)
        {
            _caller.CloseListener = null;
        }
    }
}
