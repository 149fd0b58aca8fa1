using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;

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

    /// <summary>
    /// Opens a stream on a pooled tunnel, or on a new one, and waits for the answer. Nothing is retried except that a pooled tunnel found dead
    /// before anything was sent is replaced (node-proxy 1.4).
    /// </summary>
    public async ValueTask<HboneOpenResult> OpenAsync(HbonePoolKey key, Http2Headers request, Dial dial)
    {
        while (!_isDisposed)
        {
            Entry entry = EntryOf(key);
            if (CheckOut(entry, request) is { } stream)
            {
                return await AnswerAsync(stream);
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
        }

        return new HboneOpenResult(null, Draining());
    }

    /// <summary>Lets every tunnel go: each closes when its last stream ends.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        foreach (Entry entry in _entries.Values)
        {
            foreach (TunnelConnection connection in entry.Offered)
            {
                connection.CloseWhenIdle();
            }

            entry.Wake();
        }

        _entries.Clear();
    }

    private static async ValueTask<HboneOpenResult> AnswerAsync(TunnelStream stream)
    {
        if (!await stream.WaitResponseAsync())
        {
            ConnectionFailure failure = stream.Failure ?? new ConnectionFailure(
                FailurePhase.TunnelOpen, FailureSide.Upstream, FailureReason.Http2Protocol, "h2 failed: stream ended before the answer", null);
            stream.Dispose();
            return new HboneOpenResult(null, failure with { Phase = FailurePhase.TunnelOpen });
        }

        int status = stream.Response!.Status;
        if (status == 200)
        {
            return new HboneOpenResult(stream, null);
        }

        stream.Dispose();
        return new HboneOpenResult(null, Refused(status));
    }

    private static ConnectionFailure Refused(int status) => new(
        FailurePhase.TunnelOpen,
        FailureSide.Upstream,
        FailureReason.HttpStatus,
        $"http status: {status}",
        status == 401 ? "The destination's policy refused this identity; its ztunnel's access log names the policy." : "The destination's ztunnel log says why.");

    private static ConnectionFailure Draining() => new(FailurePhase.TunnelOpen, FailureSide.Proxy, FailureReason.Draining, "pool draining", null);

    /// <summary>Tries tunnels until one opens the stream; dead ones are dropped, a full one is not offered again.</summary>
    private TunnelStream? CheckOut(Entry entry, Http2Headers request)
    {
        while (entry.Offered.Count > 0)
        {
            TunnelConnection connection = entry.Offered[^1];
            bool reachesLimit = connection.ActiveStreams + 1 >= _options.MaxStreamsPerConnection;
            TunnelStream? stream = connection.Open(request);
            if (stream is null || reachesLimit)
            {
                Withdraw(entry, connection);
            }
            else
            {
                entry.Touch(connection, _loop.TickMilliseconds);
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
        HboneConnectResult dialled = await dial();
        entry.IsDialling = false;
        if (dialled.Connection is { } connection)
        {
            if (_isDisposed)
            {
                connection.CloseWhenIdle();
            }
            else
            {
                Offer(entry, connection);
            }
        }

        // Posted, so that the dialler opens its own stream first.
        _loop.Post(static state => ((Entry)state!).Wake(), entry);
        if (entry.IsEmpty)
        {
            _entries.Remove(entry.Key);
        }

        return dialled.Failure;
    }

    private void Offer(Entry entry, TunnelConnection connection)
    {
        entry.Offered.Add(connection);
        entry.Touch(connection, _loop.TickMilliseconds);
        connection.Closed = closed => Withdraw(entry, closed);
        ScheduleRelease(entry, connection, _options.UnusedReleaseTimeout);
    }

    private void Withdraw(Entry entry, TunnelConnection connection)
    {
        if (entry.Offered.Remove(connection))
        {
            entry.LastUse.Remove(connection);
            connection.CloseWhenIdle();
        }

        if (entry.IsEmpty)
        {
            _entries.Remove(entry.Key);
        }
    }

    /// <summary>One timer a tunnel, moved to the last use only when it fires.</summary>
    private void ScheduleRelease(Entry entry, TunnelConnection connection, TimeSpan delay) =>
        _loop.StartTimer(delay, static state => ((Action)state!)(), (Action)(() => ReleaseIfUnused(entry, connection)));

    private void ReleaseIfUnused(Entry entry, TunnelConnection connection)
    {
        if (!entry.LastUse.TryGetValue(connection, out long lastUse))
        {
            return;
        }

        TimeSpan left = _options.UnusedReleaseTimeout - TimeSpan.FromMilliseconds(_loop.TickMilliseconds - lastUse);
        if (left <= TimeSpan.Zero)
        {
            Withdraw(entry, connection);
        }
        else
        {
            ScheduleRelease(entry, connection, left);
        }
    }

    private Entry EntryOf(HbonePoolKey key)
    {
        if (!_entries.TryGetValue(key, out Entry? entry))
        {
            _entries.Add(key, entry = new Entry(key));
        }

        return entry;
    }

    /// <summary>The tunnels of one key, the one used last at the end.</summary>
    private sealed class Entry(HbonePoolKey key)
    {
        public HbonePoolKey Key { get; } = key;

        public List<TunnelConnection> Offered { get; } = [];

        public Dictionary<TunnelConnection, long> LastUse { get; } = [];

        public Queue<LoopSignal> Waiting { get; } = new();

        public bool IsDialling { get; set; }

        public bool IsEmpty => Offered.Count == 0 && !IsDialling && Waiting.Count == 0;

        public void Touch(TunnelConnection connection, long tick) => LastUse[connection] = tick;

        public void Wake()
        {
            for (int count = Waiting.Count; count > 0; count--)
            {
                Waiting.Dequeue().Set();
            }
        }
    }
}
