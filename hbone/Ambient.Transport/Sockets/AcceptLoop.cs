using Ambient.Transport.Interop;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;

namespace Ambient.Transport.Sockets;

/// <summary>
/// The one accept loop. Each connection is handed to the least busy loop, registered there, run by the handler, disposed and
/// unregistered, in this order. A drain of the registry stops it: at once, or, where another generation of the proxy may listen on the same
/// port, once that one gets the new connections and those in our queue are accepted. The kernel resets what a closed listener leaves in its queue.
/// </summary>
public sealed class AcceptLoop
{
    /// <summary>Accepts in a row before others on the loop get their turn.</summary>
    private const int AcceptsPerYield = 64;

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MaxBackoff = TimeSpan.FromSeconds(5);

    /// <summary>For handshakes that began before the other generation was preferred.</summary>
    private static readonly TimeSpan HandoverTime = TimeSpan.FromMilliseconds(250);

    private readonly ListenSocket _listener;
    private readonly EventLoopGroup _loops;
    private readonly ConnectionRegistry _registry;
    private readonly Func<LoopSocket, ValueTask> _handler;
    private readonly EventLoop _home;
    private readonly LoopSignal _backoffOver = new();
    private readonly TaskCompletionSource<ConnectionFailure?> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LoopSocket? _socket;
    private bool _isStopped;
    private bool _isHandingOver;
    private int _isStarted;
    private long _accepted;
    private long _transientErrors;
    private long _backoffs;
    private long _dropped;
    private long _handlerFaults;

    /// <param name="listener">Taken over by <see cref="Start"/>.</param>
    /// <param name="loops">Where connections go.</param>
    /// <param name="registry">Keeps them, and says when to stop.</param>
    /// <param name="handler">Runs a connection on its loop to its end; the socket is disposed after it.</param>
    public AcceptLoop(ListenSocket listener, EventLoopGroup loops, ConnectionRegistry registry, Func<LoopSocket, ValueTask> handler)
    {
        _listener = listener;
        _loops = loops;
        _registry = registry;
        _handler = handler;
        _home = loops.PickLeastBusy();
    }

    /// <summary>Null once stopped; a failure when the listener died, which should end the program.</summary>
    public Task<ConnectionFailure?> Completion => _completion.Task;

    public AcceptStatistics Statistics => new(
        Volatile.Read(ref _accepted),
        Volatile.Read(ref _transientErrors),
        Volatile.Read(ref _backoffs),
        Volatile.Read(ref _dropped),
        Volatile.Read(ref _handlerFaults));

    /// <summary>Any thread, once.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _isStarted, 1) != 0)
        {
            throw new InvalidOperationException("The accept loop was started before.");
        }

        _home.Post(static state => _ = ((AcceptLoop)state!).RunAsync(), this);
        _registry.Drain.Register(_home, static state => ((AcceptLoop)state!).DrainOnLoop(), this);
    }

    /// <summary>Any thread. Closes the listener; connections already accepted go on.</summary>
    public void Stop() => _home.Post(static state => ((AcceptLoop)state!).StopOnLoop(), this);

    private async Task RunAsync()
    {
        try
        {
            ConnectionFailure? failure = Open();
            if (failure is null && _socket is not null)
            {
                failure = await AcceptUntilStoppedAsync(_socket);
            }

            StopOnLoop();
            _completion.TrySetResult(failure);
        }
        catch (Exception error)
        {
            StopOnLoop();
            _completion.TrySetException(error);
        }
    }

    private ConnectionFailure? Open()
    {
        int descriptor = _isStopped ? -1 : _listener.TakeDescriptor();
        if (descriptor < 0)
        {
            _isStopped = true;
            return null;
        }

        _socket = LoopSocket.TryAdopt(_home, descriptor, SocketState.Readable, default, out int errno);
        if (_socket is not null)
        {
            return null;
        }

        LibC.Close(descriptor);
        return ConnectionFailure.FromErrno(FailurePhase.Accept, FailureSide.Proxy, errno, "watching the listener");
    }

    private async ValueTask<ConnectionFailure?> AcceptUntilStoppedAsync(LoopSocket socket)
    {
        TimeSpan backoff = FirstBackoff;
        int sinceYield = 0;
        while (!_isStopped)
        {
            AcceptErrorTier? error = AcceptOne(socket, out int errno);
            switch (error)
            {
                case null:
                    backoff = FirstBackoff;
                    break;
                case AcceptErrorTier.Empty:
                    sinceYield = 0;
                    socket.MarkDrained();
                    await socket.WaitReadableAsync();
                    continue;
                case AcceptErrorTier.Transient:
                    Increment(ref _transientErrors);
                    break;
                case AcceptErrorTier.Pressure:
                    Increment(ref _backoffs);
                    await BackOffAsync(backoff);
                    backoff = TimeSpan.FromTicks(Math.Min(backoff.Ticks * 2, MaxBackoff.Ticks));
                    continue;
                default:
                    return ConnectionFailure.FromErrno(
                        FailurePhase.Accept, FailureSide.Proxy, errno, $"accepting on {_listener.LocalEndPoint}");
            }

            if (++sinceYield == AcceptsPerYield)
            {
                sinceYield = 0;
                await _home.YieldAsync();
            }
        }

        return null;
    }

    /// <returns>Null when a connection was accepted and handed on.</returns>
    private AcceptErrorTier? AcceptOne(LoopSocket socket, out int errno)
    {
        int descriptor = SocketFactory.Accept(socket.FileDescriptor, out PackedEndPoint remote, out errno);
        if (descriptor < 0)
        {
            return AcceptErrors.TierOf(errno);
        }

        Increment(ref _accepted);
        EventLoop target = _loops.PickLeastBusy();
        target.Reserve();
        if (target == _home)
        {
            Begin(target, descriptor, remote);
        }
        else
        {
            target.Post(static state => ((Handover)state!).Begin(), new Handover(this, target, descriptor, remote));
        }

        return null;
    }

    /// <summary>On the loop that was picked.</summary>
    private void Begin(EventLoop loop, int descriptor, PackedEndPoint remote)
    {
        loop.Unreserve();
        const SocketState Fresh = SocketState.Readable | SocketState.Writable;
        LoopSocket? socket = LoopSocket.TryAdopt(loop, descriptor, Fresh, remote, out _);
        if (socket is null)
        {
            LibC.Close(descriptor);
            Increment(ref _dropped);
        }
        else if (_registry.TryAdd(socket))
        {
            _ = RunConnectionAsync(socket);
        }
        else
        {
            socket.Abort();
            Increment(ref _dropped);
        }
    }

    private async Task RunConnectionAsync(LoopSocket socket)
    {
        try
        {
            await _handler(socket);
        }
        catch (Exception error)
        {
            Increment(ref _handlerFaults);
            socket.Loop.Report(error);
        }

        socket.Dispose();
        _registry.Remove(socket);
    }

    private async ValueTask BackOffAsync(TimeSpan delay)
    {
        LoopTimer timer = _home.StartTimer(delay, static state => ((LoopSignal)state!).Set(), _backoffOver);
        await _backoffOver.WaitAsync();
        timer.Cancel();
    }

    private void DrainOnLoop()
    {
        if (_registry.IsImmediate || !_listener.IsShared || _isStopped || _isHandingOver || _socket is not { } socket)
        {
            StopOnLoop();
            return;
        }

        _isHandingOver = true;
        _registry.Hold();
        SocketFactory.PreferSecondListener(socket.FileDescriptor);
        _home.StartTimer(HandoverTime, static state => ((AcceptLoop)state!).EndHandover(), this);
    }

    private void EndHandover()
    {
        if (_socket is { } socket)
        {
            // What came since the loop's last turn; the listener closes right after.
            for (int rest = AcceptsPerYield; rest > 0 && AcceptOne(socket, out _) is null; rest--)
            {
            }
        }

        StopOnLoop();
        _registry.Release();
    }

    private void StopOnLoop()
    {
        if (_isStopped && _socket is null)
        {
            return;
        }

        _isStopped = true;
        _listener.Dispose();
        LoopSocket? socket = _socket;
        _socket = null;
        socket?.Dispose();
        _backoffOver.Set();
    }

    private static void Increment(ref long counter) => Interlocked.Increment(ref counter);

    /// <summary>A connection on its way to the loop that was picked for it.</summary>
    private sealed class Handover(AcceptLoop owner, EventLoop loop, int descriptor, PackedEndPoint remote)
    {
        internal void Begin() => owner.Begin(loop, descriptor, remote);
    }
}
