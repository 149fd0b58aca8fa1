using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Transport.Copying;

/// <summary>Both directions of one copied connection, and how they end each other.</summary>
internal sealed class CopySession(LoopSocket downstream, LoopSocket upstream, TrafficCounters counters)
{
    private readonly CopyDirection _toUpstream = new(downstream, upstream, counters, isToUpstream: true);
    private readonly CopyDirection _toDownstream = new(upstream, downstream, counters, isToUpstream: false);
    private readonly LoopSignal _ended = new();
    private Exception? _fault;
    private int _running = 2;

    internal async ValueTask<CopyResult> RunAsync()
    {
        _ = RunDirectionAsync(_toUpstream, _toDownstream);
        _ = RunDirectionAsync(_toDownstream, _toUpstream);
        if (_running > 0)
        {
            await _ended.WaitAsync();
        }

        if (_fault is not null)
        {
            throw new InvalidOperationException("Copying failed for a reason that is not the network's.", _fault);
        }

        ConnectionFailure? failure = downstream.AbortReason ?? upstream.AbortReason ?? _toUpstream.Failure ?? _toDownstream.Failure;
        return new CopyResult(failure);
    }

    private async Task RunDirectionAsync(CopyDirection direction, CopyDirection other)
    {
        try
        {
            await direction.RunAsync();
        }
        catch (Exception error)
        {
            _fault = error;
        }

        if (direction.IsSourceGone || direction.Failure is not null || _fault is not null)
        {
            // Whatever the other direction still carries has nobody to go to; it may be waiting for a peer that stays silent.
            other.IsCancelled = true;
            downstream.WakeWaiters();
            upstream.WakeWaiters();
        }

        if (--_running == 0)
        {
            _ended.Set();
        }
    }
}
