using System.Buffers;

namespace Ambient.Tls;

/// <summary>
/// A small set of threads for handshakes, so that a storm of them takes a bounded share of the cores and established tunnels go on.
/// </summary>
public sealed class HandshakeThreads : IDisposable
{
    private const int StackBytes = 512 * 1024;

    private readonly object _gate = new();
    private readonly Queue<HandshakeWork> _queue = new();
    private readonly Thread[] _threads;
    private readonly int _maxQueued;
    private bool _isStopped;

    /// <param name="threads">null: half of the cores, at least one.</param>
    /// <param name="maxQueued">Work waiting for a thread beyond which more is refused.</param>
    public HandshakeThreads(int? threads = null, int maxQueued = 4096)
    {
        int count = threads ?? Math.Max(1, Environment.ProcessorCount / 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(threads));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxQueued);
        _maxQueued = maxQueued;
        _threads = new Thread[count];
        for (int i = 0; i < count; i++)
        {
            _threads[i] = new Thread(Work, StackBytes) { IsBackground = true, Name = $"handshake-{i}" };
            _threads[i].Start();
        }
    }

    /// <summary>Work that waits for a thread; for metrics.</summary>
    public int Queued
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count;
            }
        }
    }

    /// <summary>
    /// Advances a handshake on one of the threads. The buffers must stay untouched until the task completes. When too much is
    /// queued, or the threads are disposed, the handshake fails with <see cref="TlsFailureReason.Overloaded"/>.
    /// </summary>
    public async ValueTask<TlsHandshakeStatus> AdvanceAsync(
        TlsHandshake handshake, ReadOnlyMemory<byte> received, IBufferWriter<byte> toSend)
    {
        ArgumentNullException.ThrowIfNull(handshake);
        var work = new HandshakeCall<TlsHandshakeStatus>(() => handshake.Advance(received.Span, toSend));
        if (!TryEnqueue(work))
        {
            return handshake.Refuse(HandshakeFailures.Overloaded());
        }

        try
        {
            return await work.Task;
        }
        catch (OperationCanceledException)
        {
            return handshake.Refuse(HandshakeFailures.Abandoned());
        }
    }

    /// <summary>
    /// Runs other CPU-heavy work of a handshake. An await returns to the caller's SynchronizationContext. Work still queued when the
    /// threads are disposed is cancelled.
    /// </summary>
    /// <exception cref="InvalidOperationException">The queue is full or the threads are disposed.</exception>
    public ValueTask<T> RunAsync<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var queued = new HandshakeCall<T>(work);
        return TryEnqueue(queued)
            ? new ValueTask<T>(queued.Task)
            : throw new InvalidOperationException("The handshake queue is full.");
    }

    /// <summary>Waits for the work that is running, which is short, and cancels what is queued.</summary>
    public void Dispose()
    {
        HandshakeWork[] left;
        lock (_gate)
        {
            _isStopped = true;
            left = [.. _queue];
            _queue.Clear();
            Monitor.PulseAll(_gate);
        }

        foreach (HandshakeWork work in left)
        {
            work.Cancel();
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private bool TryEnqueue(HandshakeWork work)
    {
        lock (_gate)
        {
            if (_isStopped || _queue.Count >= _maxQueued)
            {
                return false;
            }

            _queue.Enqueue(work);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    private void Work()
    {
        while (TakeNext() is { } work)
        {
            work.Run();
        }
    }

    private HandshakeWork? TakeNext()
    {
        lock (_gate)
        {
            while (_queue.Count == 0 && !_isStopped)
            {
                Monitor.Wait(_gate);
            }

            return _queue.TryDequeue(out HandshakeWork? work) ? work : null;
        }
    }
}
