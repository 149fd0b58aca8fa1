using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Transport.Copying;

/// <summary>
/// One direction of a copied connection. Waiting for bytes it holds no buffer: it reads into the loop's scratch and writes at
/// once. Only what the destination does not take is moved to a rented buffer, and nothing more is read until that is gone.
/// </summary>
internal sealed class CopyDirection(LoopSocket source, LoopSocket destination, TrafficCounters counters, bool isToUpstream)
{
    /// <summary>Bytes moved before others on the loop get their turn.</summary>
    private const int BudgetBytes = 1024 * 1024;

    /// <summary>Bounds what a connection to a reader that lags can hold.</summary>
    private const int MinReadBytes = LoopBufferPool.SmallBytes;

    private const string BufferOwner = nameof(CopyDirection);

    private readonly EventLoop _loop = source.Loop;
    private LoopBuffer? _pending;
    private int _pendingStart;
    private int _pendingEnd;
    private int _readBytes = LoopBufferPool.MediumBytes;
    private int _budget = BudgetBytes;

    private enum Step
    {
        Continue,
        WaitSource,
        WaitDestination,
        Ended,
    }

    /// <summary>Set by the owner: nothing that this direction still does can reach anybody.</summary>
    internal bool IsCancelled { get; set; }

    /// <summary>Its own end was the end of the connection, not only of the stream: the source was reset or failed.</summary>
    internal bool IsSourceGone { get; private set; }

    internal ConnectionFailure? Failure { get; private set; }

    internal async ValueTask RunAsync()
    {
        try
        {
            while (!IsCancelled)
            {
                switch (MoveOnce())
                {
                    case Step.WaitSource:
                        _budget = BudgetBytes;
                        await source.WaitReadableAsync();
                        break;
                    case Step.WaitDestination:
                        _budget = BudgetBytes;
                        await destination.WaitWritableAsync();
                        break;
                    case Step.Ended:
                        return;
                    default:
                        if (_budget <= 0)
                        {
                            _budget = BudgetBytes;
                            await _loop.YieldAsync();
                        }

                        break;
                }
            }
        }
        finally
        {
            ReleasePending();
        }
    }

    private unsafe Step MoveOnce()
    {
        if (_pending is not null)
        {
            return FlushPending();
        }

        if (!destination.IsWritable)
        {
            // Reading now would only move bytes from the kernel's memory to ours.
            return destination.IsDisposed ? EndWith(Interop.Errno.BadDescriptor, isReading: false) : Step.WaitDestination;
        }

        IoResult read = source.Receive(_loop.Scratch, _readBytes);
        if (read.IsWouldBlock)
        {
            return Step.WaitSource;
        }

        if (read.IsError)
        {
            return EndWith(read.Errno, isReading: true);
        }

        if (read.IsEndOfStream)
        {
            destination.ShutdownSend();
            return Step.Ended;
        }

        return WriteOut(_loop.Scratch, read.Bytes);
    }

    private unsafe Step WriteOut(byte* start, int length)
    {
        IoResult written = destination.Send(start, length);
        if (written.IsError)
        {
            return EndWith(written.Errno, isReading: false);
        }

        Count(written.Bytes);
        if (written.Bytes < length)
        {
            KeepPending(start + written.Bytes, length - written.Bytes);
            _readBytes = Math.Max(_readBytes / 2, MinReadBytes);
            return Step.WaitDestination;
        }

        if (length == _readBytes)
        {
            _readBytes = Math.Min(_readBytes * 2, EventLoop.ScratchBytes);
        }

        return Step.Continue;
    }

    private unsafe Step FlushPending()
    {
        IoResult written = destination.Send(_pending!.Start + _pendingStart, _pendingEnd - _pendingStart);
        if (written.IsError)
        {
            return EndWith(written.Errno, isReading: false);
        }

        Count(written.Bytes);
        _pendingStart += written.Bytes;
        if (_pendingStart < _pendingEnd)
        {
            return Step.WaitDestination;
        }

        ReleasePending();
        return Step.Continue;
    }

    private unsafe void KeepPending(byte* start, int length)
    {
        _pending = _loop.Buffers.Rent(length, BufferOwner);
        Buffer.MemoryCopy(start, _pending.Start, _pending.Capacity, length);
        _pendingStart = 0;
        _pendingEnd = length;
    }

    private void ReleasePending()
    {
        _pending?.Dispose();
        _pending = null;
    }

    private void Count(int bytes)
    {
        _budget -= bytes;
        if (isToUpstream)
        {
            counters.ToUpstream += bytes;
        }
        else
        {
            counters.ToDownstream += bytes;
        }
    }

    /// <summary>
    /// A silent end is passed on as FIN (node-proxy 1.5). After any other failure nothing is: a stream cut short must not look
    /// complete.
    /// </summary>
    private Step EndWith(int errno, bool isReading)
    {
        LoopSocket failed = isReading ? source : destination;
        bool isDownstream = isReading == isToUpstream;
        FailureSide side = failed.IsDisposed ? FailureSide.Proxy : isDownstream ? FailureSide.Downstream : FailureSide.Upstream;
        ConnectionFailure failure = failed.AbortReason
            ?? ConnectionFailure.FromErrno(FailurePhase.Copy, side, errno, isReading ? "receive" : "send");
        IsSourceGone = isReading;
        if (failure.EndsCopySilently)
        {
            if (isReading)
            {
                destination.ShutdownSend();
            }
        }
        else
        {
            Failure = failure;
        }

        return Step.Ended;
    }
}
