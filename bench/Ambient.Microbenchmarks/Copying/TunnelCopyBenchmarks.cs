using BenchmarkDotNet.Attributes;

namespace Ambient.Microbenchmarks.Copying;

/// <summary>A connection through a tunnel over loopback, the inbound end included.</summary>
[MemoryDiagnoser]
public class TunnelCopyBenchmarks
{
    private TunnelRelay _relay = null!;

    [Params(64, Passage.MaxBytes)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public async Task SetupAsync() => _relay = await TunnelRelay.StartAsync();

    [GlobalCleanup]
    public async Task CleanupAsync() => await _relay.DisposeAsync();

    [Benchmark]
    public int SendThrough() => _relay.Passage.SendThrough(Bytes);

    [Benchmark]
    public int RoundTrip() => _relay.Passage.RoundTrip(Bytes);
}
