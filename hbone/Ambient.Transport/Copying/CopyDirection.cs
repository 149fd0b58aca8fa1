using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Transport.Copying;

/// <summary>
/// One direction of a copied connection. Waiting for bytes it holds no buffer: it reads into the loop's scratch and writes at
/// once. Only what the destination does not take is moved to a rented buffer, and nothing more is read until that is gone.
/// </summary>
internal sealed class CopyDirection(CopySession session, bool isToUpstream)
{
    /// <summary>Bytes moved before others on the loop get their turn.</summary>
    private const int BudgetBytes = 1024 * 1024;

    /// <summary>Bounds what a connection to a reader that lags can hold.</summary>
    private const int MinReadBytes = LoopBufferPool.SmallBytes;

    private const string BufferOwner = nameof(CopyDirection);

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

    /// <summary>Set by the session: nothing that this direction still does can reach anybody.</summary>
    internal bool IsCancelled { get; set; }

    /// <summary>Its end was that of the connection and not only of the stream: the source was reset or failed.</summary>
    internal bool IsSourceGone { get; private set; }

    internal ConnectionFailure? Failure { get; private set; }

    private LoopSocket Source => isToUpstream ? session.Downstream : session.Upstream;

    private LoopSocket Destination => isToUpstream ? session.Upstream : session.Downstream;

    /// <summary>Reports its end to the session; the task never fails.</summary>
    internal async Task RunAsync()
    {
        Exception? fault = null;
        try
        {
            while (!IsCancelled)
            {
                Step step = MoveOnce();
                if (step == Step.Ended)
                {
                    break;
                }

                await NextAsync(step);
            }
        }
        catch (Exception error)
        {
            fault = error;
        }

        ReleasePending();
        session.OnEnded(this, fault);
    }

    /// <summary>Has this direction look around, if it waits.</summary>
    internal void Wake()
    {
        Source.WakeReader();
        Destination.WakeWriter();
    }

    private ValueTask NextAsync(Step step)
    {
        if (step == Step.Continue && _budget > 0)
        {
            return default;
        }

        _budget = BudgetBytes;
        return step switch
        {
            Step.WaitSource => Source.WaitReadableAsync(),
            Step.WaitDestination => Destination.WaitWritableAsync(),
            _ => Source.Loop.YieldAsync(),
        };
    }

    private unsafe Step MoveOnce()
    {
        if (_pending is not null)
        {
            return FlushPending();
        }

        LoopSocket destination = Destination;
        if (!destination.IsWritable)
        {
            // Reading now would only move bytes from the kernel's memory to ours.
            return destination.IsDisposed ? EndWith(Interop.Errno.BadDescriptor, isReading: false) : Step.WaitDestination;
        }

        byte* scratch = destination.Loop.Scratch;
        IoResult read = Source.Receive(scratch, _readBytes);
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

        return WriteOut(scratch, read.Bytes);
    }

    private unsafe Step WriteOut(byte* start, int length)
    {
        IoResult written = Destination.Send(start, length);
        if (written.IsError)
        {
            return EndWith(written.Errno, isReading: false);
        }

        Count(written.Bytes);
        if (written.Bytes < length)
        {
            KeepPending(start + written.Bytes, length - written.Bytes);
            _readBytes = Math.Max(_readBytes / 2, MinReadBytes);
            return Step.Continue;
        }

        if (length == _readBytes)
        {
            _readBytes = Math.Min(_readBytes * 2, EventLoop.ScratchBytes);
        }

        return Step.Continue;
    }

    private unsafe Step FlushPending()
    {
        IoResult written = Destination.Send(_pending!.Start + _pendingStart, _pendingEnd - _pendingStart);
        if (written.IsError)
        {
            return EndWith(written.Errno, isReading: false);
        }

        if (written.IsWouldBlock)
        {
            return Step.WaitDestination;
        }

        Count(written.Bytes);
        _pendingStart += written.Bytes;
        if (_pendingStart == _pendingEnd)
        {
            ReleasePending();
        }

        return Step.Continue;
    }

    private unsafe void KeepPending(byte* start, int length)
    {
        _pending = Source.Loop.Buffers.Rent(length, BufferOwner);
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
            session.Counters.ToUpstream += bytes;
        }
        else
        {
            session.Counters.ToDownstream += bytes;
        }
    }

    /// <summary>
    /// A silent end is passed on as FIN (node-proxy 1.5). After any other failure nothing is: a stream cut short must not look
    /// complete.
    /// </summary>
    private Step EndWith(int errno, bool isReading)
    {
        LoopSocket failed = isReading ? Source : Destination;
        bool isDownstream = isReading == isToUpstream;
        FailureSide side = failed.IsDisposed ? FailureSide.Proxy : isDownstream ? FailureSide.Downstream : FailureSide.Upstream;
        ConnectionFailure failure = failed.AbortReason
            ?? ConnectionFailure.FromErrno(FailurePhase.Copy, side, errno, isReading ? "receive" : "send");
        IsSourceGone = isReading;
        if (failure.EndsCopySilently)
        {
            if (isReading)
            {
                Destination.ShutdownSend();
            }
        }
        else
        {
            Failure = failure;
        }

        return Step.Ended;
    }
}
