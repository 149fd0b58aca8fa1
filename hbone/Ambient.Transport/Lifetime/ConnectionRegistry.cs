using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Transport.Lifetime;

/// <summary>
/// The live connections of one component, such as a pod's proxy: what a drain waits for and cuts at its deadline. Connections
/// are added and removed on their own loops, each with its own set, so that this takes no lock.
/// </summary>
public sealed class ConnectionRegistry
{
    /// <summary>For handlers to end after their sockets were cut.</summary>
    private static readonly TimeSpan AbortGrace = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FenceLimit = TimeSpan.FromSeconds(1);

    private readonly EventLoopGroup _loops;
    private readonly TimeProvider _time;
    private readonly HashSet<LoopSocket>[] _sockets;
    private TaskCompletionSource? _empty;
    private ConnectionFailure? _cutReason;
    private int _count;
    private int _aborted;
    private bool _isImmediate;

    public ConnectionRegistry(EventLoopGroup loops, TimeProvider? time = null)
    {
        _loops = loops;
        _time = time ?? TimeProvider.System;
        _sockets = new HashSet<LoopSocket>[loops.Loops.Count];
        for (int index = 0; index < _sockets.Length; index++)
        {
            _sockets[index] = [];
        }
    }

    /// <summary>Begins with <see cref="DrainAsync"/>: accept loops stop, HBONE servers send GOAWAY.</summary>
    public DrainSignal Drain { get; } = new();

    /// <summary>The drain leaves no time for anything; meaningful once it has begun.</summary>
    internal bool IsImmediate => Volatile.Read(ref _isImmediate);

    /// <summary>Connections running now, and listeners that still hand over; any thread.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>On the socket's loop, before the connection runs.</summary>
    /// <returns>False when the connections were cut already; the caller closes the socket.</returns>
    public bool TryAdd(LoopSocket socket)
    {
        if (Volatile.Read(ref _cutReason) is not null)
        {
            return false;
        }

        if (_sockets[socket.Loop.Index].Add(socket))
        {
            Interlocked.Increment(ref _count);
        }

        return true;
    }

    /// <summary>On the socket's loop, after it was disposed.</summary>
    public void Remove(LoopSocket socket)
    {
        if (_sockets[socket.Loop.Index].Remove(socket))
        {
            Release();
        }
    }

    /// <summary>Something beside connections that the drain must wait for, until its <see cref="Release"/>.</summary>
    internal void Hold() => Interlocked.Increment(ref _count);

    internal void Release()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            Volatile.Read(ref _empty)?.TrySetResult();
        }
    }

    /// <summary>
    /// Begins the drain, waits up to <paramref name="deadline"/> for connections to end on their own, then aborts those left
    /// (node-proxy 10.2). Zero is the immediate mode. Call once, off the loops.
    /// </summary>
    public async Task<DrainOutcome> DrainAsync(TimeSpan deadline)
    {
        Volatile.Write(ref _isImmediate, deadline <= TimeSpan.Zero);
        Drain.Begin();
        // Accept loops have stopped, or are held, after the first fence; what they handed to other loops has arrived after the second.
        await FenceAsync();
        await FenceAsync();
        await WaitUntilEmptyAsync(deadline);
        Cut();
        await FenceAsync();
        await WaitUntilEmptyAsync(AbortGrace);
        return new DrainOutcome(Volatile.Read(ref _aborted), Count);
    }

    private async Task WaitUntilEmptyAsync(TimeSpan limit)
    {
        if (limit <= TimeSpan.Zero)
        {
            return;
        }

        // Published before the count is read: whoever brings it to zero afterwards finds it.
        var empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _empty, empty);
        if (Count > 0)
        {
            using var limitReached = new CancellationTokenSource();
            await Task.WhenAny(empty.Task, Task.Delay(limit, _time, limitReached.Token));
            await limitReached.CancelAsync();
        }
    }

    private void Cut()
    {
        var reason = new ConnectionFailure(
            FailurePhase.Drain, FailureSide.Proxy, FailureReason.DrainDeadline, "connection closed due to connection drain");
        Volatile.Write(ref _cutReason, reason);
        foreach (EventLoop loop in _loops.Loops)
        {
            loop.Post(state => AbortAll(loop, reason), null);
        }
    }

    /// <summary>Until every loop has run what was posted to it before. A loop that does not answer must not stop the drain.</summary>
    private async Task FenceAsync()
    {
        foreach (EventLoop loop in _loops.Loops)
        {
            var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            loop.Post(static state => ((TaskCompletionSource)state!).SetResult(), passed);
            using var limitReached = new CancellationTokenSource();
            await Task.WhenAny(passed.Task, Task.Delay(FenceLimit, _time, limitReached.Token));
            await limitReached.CancelAsync();
        }
    }

    private void AbortAll(EventLoop loop, ConnectionFailure reason)
    {
        foreach (LoopSocket socket in _sockets[loop.Index].ToArray())
        {
            if (!socket.IsDisposed)
            {
                Interlocked.Increment(ref _aborted);
                socket.Abort(reason);
            }
        }
    }
}
