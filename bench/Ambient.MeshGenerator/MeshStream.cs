using Ambient.Xds;
using Microsoft.AspNetCore.Http;

namespace Ambient.MeshGenerator;

/// <summary>The conversation with one proxy: the mesh in one push, the policies, then whatever changes.</summary>
internal sealed class MeshStream(HttpContext context, GeneratedMesh mesh, TimeProvider time)
{
    public const string Path = "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources";
    private const int PushesPerSecond = 50;

    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    private int _acknowledged;
    private volatile bool _isGone;

    /// <summary>Sends everything; returns how long the proxy took to acknowledge the mesh.</summary>
    public async Task<TimeSpan> LoadAsync(byte[] addresses, byte[] policies)
    {
        context.Response.ContentType = "application/grpc";
        await SkipRequestsAsync(2);
        long began = time.GetTimestamp();
        await GrpcFrames.SendAsync(context, addresses);
        await SkipRequestsAsync(1);
        TimeSpan took = time.GetElapsedTime(began);
        await GrpcFrames.SendAsync(context, policies);
        await SkipRequestsAsync(1);
        return took;
    }

    /// <summary>Counts acknowledgements until the proxy goes.</summary>
    public async Task CountAsync()
    {
        try
        {
            while (true)
            {
                await SkipRequestsAsync(1);
                Interlocked.Increment(ref _acknowledged);
            }
        }
        finally
        {
            _isGone = true;
        }
    }

    /// <summary>Changes workloads at an even rate and waits until every push was acknowledged.</summary>
    /// <returns>How many were changed, and in what time.</returns>
    /// <exception cref="IOException">The proxy went, or leaves a push without an acknowledgement.</exception>
    public async Task<(int Updates, TimeSpan Took)> ChurnAsync(int rate, int seconds)
    {
        int perPush = Math.Max(1, rate / PushesPerSecond);

        // Made before the clock starts: the stand-in shares its CPU with the generator, whose latency is the subject.
        byte[][] pushes = [.. Enumerable.Range(0, rate / perPush * seconds).Select(push => Push(push * perPush, perPush))];
        int before = Volatile.Read(ref _acknowledged);
        long began = time.GetTimestamp();
        for (int push = 0; push < pushes.Length; push++)
        {
            await GrpcFrames.SendAsync(context, pushes[push]);
            TimeSpan due = TimeSpan.FromSeconds((double)(push + 1) * perPush / rate) - time.GetElapsedTime(began);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due);
            }
        }

        await WaitForAsync(before + pushes.Length);
        return (pushes.Length * perPush, time.GetElapsedTime(began));
    }

    private async Task WaitForAsync(int acknowledgements)
    {
        long since = time.GetTimestamp();
        while (Volatile.Read(ref _acknowledged) is var acknowledged && acknowledged < acknowledgements)
        {
            if (_isGone || time.GetElapsedTime(since) > LongestSilence)
            {
                throw new IOException($"{acknowledgements - acknowledged} pushes were not acknowledged: {(_isGone ? "the proxy has gone" : $"silence for {LongestSilence.TotalSeconds:0} s")}");
            }

            await Task.Delay(1);
        }
    }

    private byte[] Push(int first, int count) => GrpcFrames.Of(XdsTypes.Address, Enumerable.Range(first, count)
        .Select(change => GeneratedMesh.Workload((int)(change * 7919L % mesh.Workloads), version: change + 1)));

    private async Task SkipRequestsAsync(int count)
    {
        for (int request = 0; request < count; request++)
        {
            _ = await GrpcFrames.ReadAsync(context);
        }
    }
}
