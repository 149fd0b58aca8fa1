using System.Threading.Tasks.Sources;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Transport.Copying;

/// <summary>
/// Both directions of one copied connection, and how they end each other. It is its own value task source, so that an idle
/// connection costs two state machines and not four.
/// </summary>
internal sealed class CopySession(LoopSocket downstream, LoopSocket upstream, TrafficCounters counters)
    : IValueTaskSource<CopyResult>, ISocketCloseListener
{
    private CopyDirection? _toUpstream;
    private CopyDirection? _toDownstream;
    private Action<object?>? _continuation;
    private object? _continuationState;
    private ConnectionFailure? _closed;
    private Exception? _fault;
    private int _running = 2;
    private bool _isFinished;

    internal LoopSocket Downstream => downstream;

    internal LoopSocket Upstream => upstream;

    internal TrafficCounters Counters => counters;

    /// <summary>Once.</summary>
    internal ValueTask<CopyResult> RunAsync()
    {
        downstream.CloseListener = this;
        upstream.CloseListener = this;
        _toUpstream = new CopyDirection(this, isToUpstream: true);
        _toDownstream = new CopyDirection(this, isToUpstream: false);
        _ = _toUpstream.RunAsync();
        _ = _toDownstream.RunAsync();
        return new ValueTask<CopyResult>(this, 0);
    }

    /// <summary>A direction is over. <paramref name="fault"/> is a bug, not a failure of the network.</summary>
    internal void OnEnded(CopyDirection direction, Exception? fault)
    {
        _fault ??= fault;
        _running--;
        if (direction.IsSourceGone || direction.Failure is not null || fault is not null)
        {
            CancelOther(direction);
        }

        // Cancelling the other direction may have ended the session from within.
        if (_running > 0 || _isFinished)
        {
            return;
        }

        _isFinished = true;
        downstream.CloseListener = null;
        upstream.CloseListener = null;
        Action<object?>? continuation = _continuation;
        if (continuation is not null)
        {
            _continuation = null;
            LoopSignal.Run(continuation, _continuationState);
        }
    }

    /// <summary>What the other direction still carries has nobody to go to, and it may wait for a peer that stays silent.</summary>
    private void CancelOther(CopyDirection direction) =>
        Cancel(direction == _toUpstream ? _toDownstream : _toUpstream);

    private static void Cancel(CopyDirection? direction)
    {
        if (direction is { IsCancelled: false })
        {
            direction.IsCancelled = true;
            direction.Wake();
        }
    }

    /// <summary>A direction may wait for the other socket at this time, which says nothing.</summary>
    void ISocketCloseListener.OnClosed(LoopSocket socket)
    {
        _closed ??= socket.AbortReason ?? new ConnectionFailure(
            FailurePhase.Copy, FailureSide.Proxy, FailureReason.LocallyClosed, "connection closed by the proxy");
        Cancel(_toUpstream);
        Cancel(_toDownstream);
    }

    CopyResult IValueTaskSource<CopyResult>.GetResult(short token)
    {
        if (_running > 0)
        {
            throw new InvalidOperationException("The copy still runs.");
        }

        if (_fault is not null)
        {
            throw new InvalidOperationException("Copying failed for a reason that is not the network's.", _fault);
        }

        return new CopyResult(_closed ?? _toUpstream!.Failure ?? _toDownstream!.Failure);
    }

    ValueTaskSourceStatus IValueTaskSource<CopyResult>.GetStatus(short token) =>
        _running > 0 ? ValueTaskSourceStatus.Pending : ValueTaskSourceStatus.Succeeded;

    void IValueTaskSource<CopyResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        if (_running == 0)
        {
            LoopSignal.Run(continuation, state);
            return;
        }

        _continuation = continuation;
        _continuationState = state;
    }
}
