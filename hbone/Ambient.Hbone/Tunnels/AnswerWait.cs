using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone.Tunnels;

/// <summary>
/// What ends the wait for the answer to a CONNECT beside the answer: a deadline, and the end of the connection it is for. Without them a peer
/// that never answers would hold the connection, its stream and its report for ever, through a drain too. Also for a wait that has a deadline of
/// its own.
/// </summary>
internal sealed class AnswerWait : ISocketCloseListener, IDisposable
{
    private readonly TunnelStream _stream;
    private readonly LoopSocket? _caller;
    private readonly LoopTimer? _deadline;

    /// <param name="stream">Aborted when the wait must end.</param>
    /// <param name="caller">The connection that it is for; null when nothing but the deadline ends the wait.</param>
    /// <param name="timeout">Null for none here.</param>
    public AnswerWait(TunnelStream stream, LoopSocket? caller, TimeSpan? timeout)
    {
        _stream = stream;
        _caller = caller;
        if (timeout is { } limit)
        {
            _deadline = stream.Loop.StartTimer(limit, static state => ((TunnelStream)state!).Abort(TunnelFailures.AnswerTimedOut()), stream);
        }

        if (caller is { IsDisposed: true })
        {
            ((ISocketCloseListener)this).OnClosed(caller);
        }
        else if (caller is not null)
        {
            caller.CloseListener = this;
        }
    }

    /// <summary>Waits for the answer to the stream's CONNECT; a stream that is not answered with 200 is disposed.</summary>
    public static async ValueTask<HboneOpenResult> ForAsync(TunnelStream stream, LoopSocket? caller, TimeSpan timeout)
    {
        using (new AnswerWait(stream, caller, timeout))
        {
            while (!stream.IsDecided)
            {
                await stream.WaitChangeAsync();
            }
        }

        if (stream.Status is not { } status)
        {
            ConnectionFailure failure = stream.Failure ?? TunnelFailures.NoAnswer();
            stream.Dispose();
            return new HboneOpenResult(null, failure with { Phase = FailurePhase.TunnelOpen });
        }

        if (status == 200)
        {
            return new HboneOpenResult(stream, null, stream.TakeResponse());
        }

        stream.Dispose();
        return new HboneOpenResult(null, TunnelFailures.Refused(status));
    }

    void ISocketCloseListener.OnClosed(LoopSocket socket) => _stream.Abort(socket.AbortReason ?? TunnelFailures.Drained());

    public void Dispose()
    {
        _deadline?.Cancel();
        if (_caller is not null && _caller.CloseListener == this)
        {
            _caller.CloseListener = null;
        }
    }
}
