using System.Threading.Tasks.Sources;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Transport.Copying;

/// <summary>
/// Both directions of one copied connection, and how they end each other. It is its own value task source, so that an idle
/// connection costs two state machines and not four.
/// </summary>
internal sealed class CopySession(LoopSocket downstream, LoopSocket upstream, TrafficCounters counters) : IValueTaskSource<CopyResult>
{
    private CopyDirection? _toUpstream;
    private CopyDirection? _toDownstream;
    private Action<object?>? _continuation;
    private object? _continuationState;
    private Exception? _fault;
    private int _running = 2;

    internal LoopSocket Downstream => downstream;

    internal LoopSocket Upstream => upstream;

    internal TrafficCounters Counters => counters;

    /// <summary>Once.</summary>
    internal ValueTask<CopyResult> RunAsync()
    {
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

        Action<object?>? continuation = _continuation;
        if (_running == 0 && continuation is not null)
        {
            _continuation = null;
            LoopSignal.Run(continuation, _continuationState);
        }
    }

    /// <summary>What the other direction still carries has nobody to go to, and it may wait for a peer that stays silent.</summary>
    private void CancelOther(CopyDirection direction)
    {
        CopyDirection? other = direction == _toUpstream ? _toDownstream : _toUpstream;
        if (other is { IsCancelled: false })
        {
            other.IsCancelled = true;
            other.Wake();
        }
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

        return new CopyResult(
            downstream.AbortReason ?? upstream.AbortReason ?? _toUpstream!.Failure ?? _toDownstream!.Failure);
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
