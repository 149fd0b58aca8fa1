using System.Diagnostics;
using Ambient.Lab.Benchmarking.Statistics;
using Ambient.Transport.Loops;

namespace Ambient.Lab.Benchmarking.Load;

/// <summary>The connections of one thread of a load, and what they counted. Loop thread, until it has run.</summary>
internal sealed class HttpLoadLane(EventLoop loop, HttpLoadSpec spec, byte[] request, int connections, long maxOperations)
{
    private const int MaxErrors = 100;

    /// <summary>What was under way at the end may take this long; it is not counted.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly List<HttpLoadConnection> _connections = [];
    private long _countFrom;
    private long _countUntil;
    private bool _isAborted;

    public EventLoop Loop => loop;

    public HttpLoadMode Mode => spec.Mode;

    public System.Net.IPEndPoint Target => spec.Target;

    public ReadOnlySpan<byte> Request => request;

    public LatencyHistogram Latencies { get; } = new();

    public long AllOperations { get; private set; }

    public long Errors { get; private set; }

    public string FirstError { get; private set; } = "";

    public int Status { get; private set; }

    public TimeSpan Counted => Stopwatch.GetElapsedTime(_countFrom, _countUntil);

    public bool IsOpen => !_isAborted && Errors < MaxErrors && Latencies.Count < maxOperations && Stopwatch.GetTimestamp() < _countUntil;

    public async Task RunAsync()
    {
        _countFrom = Stopwatch.GetTimestamp() + Ticks(spec.WarmUp);
        _countUntil = _countFrom + Ticks(spec.Duration);
        LoopTimer limit = loop.StartTimer(spec.WarmUp + spec.Duration + Grace, static state => ((HttpLoadLane)state!).Abort(), this);
        for (int index = 0; index < connections; index++)
        {
            _connections.Add(new HttpLoadConnection(this));
        }

        await Task.WhenAll(_connections.Select(connection => connection.RunAsync()));
        limit.Cancel();
    }

    /// <summary>Ends every connection at once; what was under way is an error.</summary>
    public void Abort()
    {
        _isAborted = true;
        foreach (HttpLoadConnection connection in _connections)
        {
            connection.Abort();
        }
    }

    public void Record(long begin, int status)
    {
        long now = Stopwatch.GetTimestamp();
        AllOperations++;
        Status = Status == 0 ? status : Status;
        if (status != Status)
        {
            Fail($"HTTP status {status} after {Status}");
        }
        else if (now >= _countFrom && now < _countUntil)
        {
            Latencies.Record((long)Stopwatch.GetElapsedTime(begin, now).TotalNanoseconds);
            _countUntil = Latencies.Count == maxOperations ? now : _countUntil;
        }
    }

    public void Fail(string error)
    {
        Errors++;
        FirstError = FirstError.Length == 0 ? error : FirstError;
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
