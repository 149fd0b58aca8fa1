namespace Ambient.Ztunnel.Dns;

/// <summary>The figures of one label set.</summary>
internal sealed class DnsSeries(string labels)
{
    private readonly long[] _buckets = new long[DnsMetrics.Bounds.Length + 1];
    private long _requests;
    private long _upstreamRequests;
    private long _upstreamFailures;
    private long _upstreamTicks;

    /// <summary>The text between the braces.</summary>
    public string Labels { get; } = labels;

    public long Requests => Volatile.Read(ref _requests);

    public long UpstreamRequests => Volatile.Read(ref _upstreamRequests);

    public long UpstreamFailures => Volatile.Read(ref _upstreamFailures);

    public double UpstreamSeconds => TimeSpan.FromTicks(Volatile.Read(ref _upstreamTicks)).TotalSeconds;

    public long[] Buckets() => Array.ConvertAll(_buckets, static count => count);

    public void CountRequest() => Interlocked.Increment(ref _requests);

    public void CountUpstream(bool isFailed, TimeSpan duration)
    {
        Interlocked.Increment(ref _upstreamRequests);
        Interlocked.Add(ref _upstreamFailures, isFailed ? 1 : 0);
        Interlocked.Add(ref _upstreamTicks, duration.Ticks);
        int bucket = 0;
        while (bucket < DnsMetrics.Bounds.Length && duration.TotalSeconds > DnsMetrics.Bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _buckets[bucket]);
    }
}
