using System.Diagnostics;
using System.Runtime.InteropServices;
using Ambient.Transport.Copying;
using Ambient.Transport.Sockets;

namespace Ambient.Transport.Loops;

/// <summary>
/// One thread, one edge-triggered epoll, one mailbox, one timer wheel. A connection lives on one loop from accept to close,
/// so nothing that belongs to it needs a lock. A turn handles in this order: ready sockets, posted work, timers, yielded
/// continuations, turn-end work.
/// </summary>
public sealed unsafe class EventLoop : IDisposable
{
    /// <summary>What one recv on the loop can take at most.</summary>
    public const int ScratchBytes = 256 * 1024;

    /// <summary>Signals set inside continuations of signals, before the rest is queued: a chain across connections must not grow the stack.</summary>
    private const int MaxInlineDepth = 32;

    [ThreadStatic]
    private static EventLoop? _current;

    private readonly EpollSet _epoll = new();
    private readonly SocketSlots _slots = new();
    private readonly Mailbox _mailbox;
    private readonly ReadyQueue _ready = new();
    private readonly TimerWheel _timers;
    private readonly LoopSynchronizationContext _synchronizationContext;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private readonly byte* _scratch = (byte*)NativeMemory.AlignedAlloc(ScratchBytes, 64);
    private List<ITurnEndWork> _turnEnd = [];
    private List<ITurnEndWork> _turnEndRunning = [];
    private volatile bool _isStopping;
    private int _inlineDepth;
    private int _reserved;
    private long _tick = Now();
    private long _turns;
    private long _unhandledExceptions;

    /// <summary>Starts the thread.</summary>
    /// <exception cref="InvalidOperationException">The process is out of descriptors.</exception>
    public EventLoop(int index)
    {
        Index = index;
        _mailbox = new Mailbox(_epoll.Wake);
        _timers = new TimerWheel(Report, _tick);
        _synchronizationContext = new LoopSynchronizationContext(this);
        Buffers = new LoopBufferPool();
        _thread = new Thread(Run) { IsBackground = true, Name = $"loop-{index}" };
        _thread.Start();
    }

    /// <summary>The loop whose thread this is; null elsewhere.</summary>
    public static EventLoop? Current => _current;

    public int Index { get; }

    /// <summary>Sockets registered or on their way here; readable from any thread.</summary>
    public int Load => _slots.Count + Volatile.Read(ref _reserved);

    public bool IsCurrent => _current == this;

    /// <summary>Monotonic milliseconds, read once a turn.</summary>
    public long TickMilliseconds => _tick;

    /// <summary>64-byte aligned native memory of <see cref="ScratchBytes"/>; what it holds is lost at the next await.</summary>
    public byte* Scratch => _scratch;

    /// <summary>Buffers for what outlives a turn. Loop thread.</summary>
    public LoopBufferPool Buffers { get; }

    /// <summary>Exceptions that reached the loop. Each is a bug; it ended one callback and nothing else.</summary>
    public long UnhandledExceptions => Volatile.Read(ref _unhandledExceptions);

    /// <summary>Turns taken; an idle loop takes none. Readable from any thread.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>Raised on the loop thread for each of <see cref="UnhandledExceptions"/>.</summary>
    public event Action<Exception>? UnhandledException;

    internal Task Stopped => _stopped.Task;

    /// <summary>Any thread; first in, first out. Dropped once the loop has stopped.</summary>
    public void Post(Action<object?> action, object? state) => Post(new LoopCallback(action, state));

    /// <summary>Loop thread. A work registered twice runs twice: keep a flag.</summary>
    public void RunAtTurnEnd(ITurnEndWork work) => _turnEnd.Add(work);

    /// <summary>Loop thread. Fires on the loop, never early; at most 397 days ahead.</summary>
    public LoopTimer StartTimer(TimeSpan delay, Action<object?> callback, object? state)
    {
        var timer = new LoopTimer(_timers, callback, state);
        long milliseconds = Math.Clamp((long)Math.Ceiling(delay.TotalMilliseconds), 0, TimerWheel.MaxDelay);
        // A tick is a millisecond already begun: one more, or the timer could be early by what has passed of it.
        _timers.Add(timer, Now() + milliseconds + 1);
        return timer;
    }

    /// <summary>Loop thread.</summary>
    public ValueTask DelayAsync(TimeSpan delay)
    {
        var signal = new LoopSignal();
        StartTimer(delay, static state => ((LoopSignal)state!).Set(), signal);
        return signal.WaitAsync();
    }

    /// <summary>Loop thread. Lets every other ready connection of this turn go first.</summary>
    public ValueTask YieldAsync() => new(_ready, 0);

    /// <summary>Counts and reports an exception that is a bug. Any thread.</summary>
    public void Report(Exception error)
    {
        Interlocked.Increment(ref _unhandledExceptions);
        try
        {
            UnhandledException?.Invoke(error);
        }
        catch (Exception)
        {
            Interlocked.Increment(ref _unhandledExceptions);
        }
    }

    /// <summary>Closes every socket of the loop and ends its thread; waits for it unless called on it.</summary>
    public void Dispose()
    {
        Stop();
        if (!IsCurrent)
        {
            _thread.Join();
        }
    }

    internal void Stop()
    {
        _isStopping = true;
        Post(static _ => { }, null);
    }

    internal void Post(LoopCallback callback) => _mailbox.Add(callback, IsCurrent);

    /// <summary>Counts a connection that is about to be handed to this loop, so that a burst of accepts spreads.</summary>
    internal void Reserve() => Interlocked.Increment(ref _reserved);

    internal void Unreserve() => Interlocked.Decrement(ref _reserved);

    /// <returns>0 and a token, or an errno.</returns>
    internal int Register(LoopSocket socket, int descriptor, out ulong token)
    {
        Debug.Assert(IsCurrent, "A socket is registered on its loop's thread.");
        token = _slots.Add(socket);
        int errno = _epoll.AddSocket(descriptor, token);
        if (errno != 0)
        {
            _slots.Remove(token);
        }

        return errno;
    }

    internal void Unregister(ulong token) => _slots.Remove(token);

    internal void RunInline(Action<object?> continuation, object? state)
    {
        if (_inlineDepth >= MaxInlineDepth)
        {
            _ready.Add(continuation, state);
            return;
        }

        _inlineDepth++;
        try
        {
            continuation(state);
        }
        catch (Exception error)
        {
            Report(error);
        }
        finally
        {
            _inlineDepth--;
        }
    }

    private static long Now() => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000);

    private void Run()
    {
        _current = this;
        SynchronizationContext.SetSynchronizationContext(_synchronizationContext);
        while (!_isStopping)
        {
            RunTurn(_epoll.Wait(WaitMilliseconds()));
        }

        Close();
    }

    private void RunTurn(int readyCount)
    {
        _tick = Now();
        Volatile.Write(ref _turns, _turns + 1);
        for (int i = 0; i < readyCount; i++)
        {
            // The eventfd's token finds no socket: its work is in the mailbox.
            if (_slots.Find(_epoll.TokenAt(i)) is { } socket)
            {
                socket.OnReadiness(_epoll.EventsAt(i));
            }
        }

        InvokeAll(_mailbox.TakeAll());
        _timers.Advance(_tick);
        InvokeAll(_ready.TakeAll());
        RunTurnEndWork();
    }

    private int WaitMilliseconds()
    {
        if (!_ready.IsEmpty || _turnEnd.Count > 0 || !_mailbox.IsEmpty)
        {
            return 0;
        }

        long next = _timers.NextWork();
        return next == long.MaxValue ? -1 : (int)Math.Clamp(next - Now(), 0, int.MaxValue);
    }

    private void InvokeAll(List<LoopCallback> callbacks)
    {
        foreach (LoopCallback callback in CollectionsMarshal.AsSpan(callbacks))
        {
            try
            {
                callback.Invoke();
            }
            catch (Exception error)
            {
                Report(error);
            }
        }
    }

    private void RunTurnEndWork()
    {
        if (_turnEnd.Count == 0)
        {
            return;
        }

        _turnEndRunning.Clear();
        (_turnEnd, _turnEndRunning) = (_turnEndRunning, _turnEnd);
        foreach (ITurnEndWork work in CollectionsMarshal.AsSpan(_turnEndRunning))
        {
            try
            {
                work.OnTurnEnd();
            }
            catch (Exception error)
            {
                Report(error);
            }
        }
    }

    /// <summary>Ends what is left in the order in which it could still make more: posted work, then sockets, then what they woke.</summary>
    private void Close()
    {
        InvokeAll(_mailbox.TakeAll());
        foreach (LoopSocket socket in _slots.ToList())
        {
            socket.Dispose();
        }

        _mailbox.Close();
        InvokeAll(_mailbox.TakeAll());
        InvokeAll(_ready.TakeAll());
        RunTurnEndWork();
        foreach (LoopSocket socket in _slots.ToList())
        {
            socket.Dispose();
        }

        Buffers.Dispose();
        NativeMemory.AlignedFree(_scratch);
        _epoll.Dispose();
        _stopped.SetResult();
    }
}
