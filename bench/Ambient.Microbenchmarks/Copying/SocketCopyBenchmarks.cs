using System.Net;
using System.Net.Sockets;
using Ambient.Testing.Transport;
using Ambient.Transport.Copying;
using Ambient.Transport.Sockets;
using BenchmarkDotNet.Attributes;

namespace Ambient.Microbenchmarks.Copying;

/// <summary>A plain relay of two sockets on one loop, over loopback: what the kernel and the loop cost without TLS and HTTP/2.</summary>
[MemoryDiagnoser]
public class SocketCopyBenchmarks
{
    private LoopRig _rig = null!;
    private LoopSocket _downstream = null!;
    private LoopSocket _upstream = null!;
    private Passage _passage = null!;
    private Task<CopyResult> _copy = null!;

    [Params(64, Passage.MaxBytes)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _rig = new LoopRig();
        await _rig.RunAsync(async loop =>
        {
            (_downstream, Socket application) = await LoopRig.ConnectPairAsync(loop, IPAddress.Loopback);
            (_upstream, Socket destination) = await LoopRig.ConnectPairAsync(loop, IPAddress.Loopback);
            application.NoDelay = true;
            destination.NoDelay = true;
            _passage = new Passage(application, destination);
            _copy = SocketCopier.CopyAsync(_downstream, _upstream, new TrafficCounters()).AsTask();
        });
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        _passage.Dispose();
        await _copy;
        await _rig.RunAsync(_ =>
        {
            _downstream.Dispose();
            _upstream.Dispose();
            return Task.CompletedTask;
        });
        await _rig.DisposeAsync();
    }

    [Benchmark]
    public int SendThrough() => _passage.SendThrough(Bytes);

    [Benchmark]
    public int RoundTrip() => _passage.RoundTrip(Bytes);
}
