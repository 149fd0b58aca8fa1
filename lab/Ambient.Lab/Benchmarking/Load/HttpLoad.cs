using System.Text;
using Ambient.Lab.Benchmarking.Statistics;
using Ambient.Transport.Loops;

namespace Ambient.Lab.Benchmarking.Load;

/// <summary>
/// Our HTTP load client: a closed loop, each connection with one request under way. A thread serves a few connections, latencies
/// go into histograms of fixed size, and whatever the server does, it ends soon after the time it was given.
/// </summary>
public static class HttpLoad
{
    private const int ConnectionsPerThread = 8;

    /// <summary>Never throws for what the server does: failures are counted in the result.</summary>
    public static async Task<HttpLoadResult> RunAsync(HttpLoadSpec spec, CancellationToken cancellationToken)
    {
        if (spec.FindFault() is { } fault)
        {
            throw new LabException($"This load cannot be run: {fault}.", "Correct the options.");
        }

        int threads = (spec.Connections + ConnectionsPerThread - 1) / ConnectionsPerThread;
        await using var loops = new EventLoopGroup(threads);
        byte[] request = BuildRequest(spec);
        HttpLoadLane[] lanes = [.. loops.Loops.Select((loop, index) => new HttpLoadLane(loop, spec, request, ShareOf(spec.Connections, threads, index), ShareOf(spec.MaxOperations, threads, index)))];
        await Task.WhenAll(lanes.Select(lane => StartAsync(lane, cancellationToken)));
        cancellationToken.ThrowIfCancellationRequested();
        return Combine(lanes);
    }

    internal static byte[] BuildRequest(HttpLoadSpec spec) => Encoding.ASCII.GetBytes(
        $"GET / HTTP/1.1\r\nHost: {spec.Target}\r\nUser-Agent: ambientctl\r\nAccept: */*\r\n{(spec.Mode == HttpLoadMode.NewConnections ? "Connection: close\r\n" : "")}\r\n");

    private static int ShareOf(int total, int parts, int index) => (int)ShareOf((long)total, parts, index);

    private static long ShareOf(long total, int parts, int index) => (total / parts) + (index < total % parts ? 1 : 0);

    private static async Task StartAsync(HttpLoadLane lane, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lane.Loop.Post(_ => Observe(lane.RunAsync(), done), null);
        await using (cancellationToken.Register(() => lane.Loop.Post(_ => lane.Abort(), null)))
        {
            await done.Task;
        }
    }

    private static void Observe(Task run, TaskCompletionSource done) =>
        run.ContinueWith(ended => done.SetFromTask(ended), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private static HttpLoadResult Combine(IReadOnlyList<HttpLoadLane> lanes)
    {
        var latencies = new LatencyHistogram();
        foreach (HttpLoadLane lane in lanes)
        {
            latencies.Add(lane.Latencies);
        }

        int status = lanes.Select(lane => lane.Status).FirstOrDefault(status => status != 0);
        HttpLoadLane? other = lanes.FirstOrDefault(lane => lane.Status != 0 && lane.Status != status);
        string firstError = other is null ? "" : $"HTTP status {other.Status} after {status}";
        return new HttpLoadResult(
            latencies.Count,
            lanes.Max(lane => lane.Counted.TotalSeconds),
            lanes.Sum(lane => lane.AllOperations),
            latencies.Quantile(0.50) / 1000,
            latencies.Quantile(0.99) / 1000,
            status,
            lanes.Sum(lane => lane.Errors) + (other is null ? 0 : 1),
            lanes.Select(lane => lane.FirstError).FirstOrDefault(error => error.Length > 0) ?? firstError);
    }
}
