using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone;

/// <summary>
/// The tunnels that one loop keeps for one pod (node-proxy 1.6). Invariants: at most one dial a key at a time; a tunnel is offered only while
/// it can open a stream at once; a tunnel that reached its stream limit is never offered again; what the pool lets go closes with its last stream.
/// </summary>
public sealed class HbonePool : IDisposable
{
    private readonly EventLoop _loop;
    private readonly HbonePoolOptions _options;
    private readonly Dictionary<HbonePoolKey, Entry> _entries = [];
    private bool _isDisposed;

    public HbonePool(EventLoop loop, HbonePoolOptions options)
    {
        _loop = loop;
        _options = options;
    }

    /// <summary>Opens a tunnel for a key; called for one key at a time.</summary>
    public delegate ValueTask<HboneConnectResult> Dial();

    /// <summary>Tunnels on offer.</summary>
    public int Count => _entries.Values.Sum(entry => entry.Offered.Count);

    /// <summary>Keys with a tunnel on offer, a dial under way, or requests waiting for one.</summary>
    public int KeyCount => _entries.Count;

    /// <summary>
    /// Opens a stream on a pooled tunnel, or on a new one, and waits for the answer. Nothing is retried except that a pooled tunnel found dead
    /// before anything was sent is replaced (node-proxy 1.4).
    /// </summary>
    /// <param name="key">What the tunnel must have in common with others.</param>
    /// <param name="request">The CONNECT.</param>
    /// <param name="dial">Opens a tunnel when none can be used.</param>
    /// <param name="caller">The application's socket: when it is closed here, by a drain or a policy, the wait for the answer ends.</param>
    public async ValueTask<HboneOpenResult> OpenAsync(HbonePoolKey key, Http2Headers request, Dial dial, LoopSocket? caller = null)
    {
        bool hasDialled = false;
        while (!_isDisposed)
        {
            Entry entry = EntryOf(key);
            TunnelStream? stream = CheckOut(entry, request);
            if (stream is not null || hasDialled)
            {
                RemoveIfEmpty(entry);
                return stream is null ? new HboneOpenResult(null, TunnelFailures.Unusable()) : await AnswerWait.ForAsync(stream, caller, _options.AnswerTimeout);
            }

            if (entry.IsDialling)
            {
                LoopSignal signal = new();
                entry.Waiting.Enqueue(signal);
                await signal.WaitAsync();
                continue;
            }

            if (await DialAsync(entry, dial) is { } failure)
            {
                return new HboneOpenResult(null, failure);
            }

            hasDialled = true;
        }

        return new HboneOpenResult(null, TunnelFailures.PoolDraining());
    }

    /// <summary>Lets every tunnel go: each closes when its last stream ends. Who waits for a tunnel is told that there will be none.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        Entry[] entries = [.. _entries.Values];
        _entries.Clear();
        foreach (Entry entry in entries)
        {
            foreach (Pooled pooled in entry.Offered.ToArray())
            {
                Withdraw(entry, pooled);
            }

            entry.WakeWaiting();
        }
    }

    /// <summary>Tries tunnels until one opens the stream; dead ones are dropped, a full one is not offered again.</summary>
    private TunnelStream? CheckOut(Entry entry, Http2Headers request)
    {
        while (entry.Offered.Count > 0)
        {
            Pooled pooled = entry.Offered[^1];
            bool reachesLimit = pooled.Connection.ActiveStreams + 1 >= _options.MaxStreamsPerConnection;
            TunnelStream? stream = pooled.Connection.Open(request);
            if (stream is null || reachesLimit)
            {
                Withdraw(entry, pooled);
            }
            else
            {
                pooled.LastUse = _loop.TickMilliseconds;
            }

            if (stream is not null)
            {
                return stream;
            }
        }

        return null;
    }

    private async ValueTask<ConnectionFailure?> DialAsync(Entry entry, Dial dial)
    {
        entry.IsDialling = true;
        try
        {
            HboneConnectResult dialled = await dial();
            if (dialled.Connection is { } connection)
            {
                Offer(entry, connection);
            }

            return dialled.Failure;
        }
        finally
        {
            // Also after an exception, or nobody would ever dial this key again.
            entry.IsDialling = false;

            // Posted, so that the dialler opens its own stream first.
            _loop.Post(static state => ((Entry)state!).WakeWaiting(), entry);
            RemoveIfEmpty(entry);
        }
    }

    private void Offer(Entry entry, TunnelConnection connection)
    {
        if (_isDisposed)
        {
            connection.CloseWhenIdle();
            return;
        }

        Pooled pooled = new(connection) { LastUse = _loop.TickMilliseconds };
        entry.Offered.Add(pooled);
        connection.Closed = _ =>
        {
            Withdraw(entry, pooled);
            RemoveIfEmpty(entry);
        };
        ScheduleRelease(entry, pooled, _options.UnusedReleaseTimeout);
    }

    private static void Withdraw(Entry entry, Pooled pooled)
    {
        if (entry.Offered.Remove(pooled))
        {
            pooled.Release?.Cancel();
            pooled.Connection.Closed = null;
            pooled.Connection.CloseWhenIdle();
        }
    }

    /// <summary>One timer a tunnel, moved to the last use only when it fires.</summary>
    private void ScheduleRelease(Entry entry, Pooled pooled, TimeSpan delay) =>
        pooled.Release = _loop.StartTimer(delay, static state => ((Action)state!)(), (Action)(() => ReleaseIfUnused(entry, pooled)));

    private void ReleaseIfUnused(Entry entry, Pooled pooled)
    {
        TimeSpan left = _options.UnusedReleaseTimeout - TimeSpan.FromMilliseconds(_loop.TickMilliseconds - pooled.LastUse);
        if (left > TimeSpan.Zero)
        {
            ScheduleRelease(entry, pooled, left);
            return;
        }

        Withdraw(entry, pooled);
        RemoveIfEmpty(entry);
    }

    private Entry EntryOf(HbonePoolKey key)
    {
        if (!_entries.TryGetValue(key, out Entry? entry))
        {
            _entries.Add(key, entry = new Entry(key));
        }

        return entry;
    }

    /// <summary>Never between <see cref="EntryOf"/> and a dial for it: tunnels of an entry that is not in the table would be lost.</summary>
    private void RemoveIfEmpty(Entry entry)
    {
        if (entry is { IsDialling: false, Offered.Count: 0, Waiting.Count: 0 }
            && _entries.TryGetValue(entry.Key, out Entry? current) && current == entry)
        {
            _entries.Remove(entry.Key);
        }
    }

    /// <summary>A tunnel on offer.</summary>
    private sealed class Pooled(TunnelConnection connection)
    {
        public TunnelConnection Connection { get; } = connection;

        /// <summary>In loop ticks.</summary>
        public long LastUse { get; set; }

        public LoopTimer? Release { get; set; }
    }

    /// <summary>The tunnels of one key, the one used last at the end.</summary>
    private sealed class Entry(HbonePoolKey key)
    {
        public HbonePoolKey Key { get; } = key;

        public List<Pooled> Offered { get; } = [];

        public Queue<LoopSignal> Waiting { get; } = new();

        public bool IsDialling { get; set; }

        public void WakeWaiting()
        {
            for (int count = Waiting.Count; count > 0; count--)
            {
                Waiting.Dequeue().Set();
            }
        }
    }
}
