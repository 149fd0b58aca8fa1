using System.Net;
using System.Net.Sockets;
using Ambient.Testing.Transport;
using Ambient.Transport.Copying;
using Ambient.Transport.Sockets;

namespace Ambient.InProcessTests.Transport;

/// <summary>One copied connection on a loop, with an ordinary socket at either far end.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly LoopRig _rig;
    private readonly Task<CopyResult> _end;
    private readonly LoopSocket _upstreamOwn;

    private Relay(LoopRig rig, (LoopSocket Own, Socket Peer) downstream, (LoopSocket Own, Socket Peer) upstream)
    {
        _rig = rig;
        Own = downstream.Own;
        Downstream = downstream.Peer;
        Upstream = upstream.Peer;
        _upstreamOwn = upstream.Own;
        _end = RunAsync(upstream.Own);
    }

    /// <summary>The relay's own socket towards <see cref="Downstream"/>.</summary>
    internal LoopSocket Own { get; }

    internal Socket Downstream { get; }

    internal Socket Upstream { get; }

    internal TrafficCounters Counters { get; } = new();

    internal bool HasEnded => _end.IsCompleted;

    internal static async Task<Relay> StartAsync(LoopRig rig, IPAddress address)
    {
        Relay? relay = null;
        await rig.RunAsync(async loop =>
        {
            (LoopSocket Own, Socket Peer) downstream = await LoopRig.ConnectPairAsync(loop, address);
            (LoopSocket Own, Socket Peer) upstream = await LoopRig.ConnectPairAsync(loop, address);
            relay = new Relay(rig, downstream, upstream);
        });
        return relay!;
    }

    internal Task<CopyResult> EndsAsync() => _end.WaitAsync(LoopRig.Limit);

    internal async Task<int> OutstandingBuffersAsync()
    {
        int count = -1;
        await _rig.RunAsync(loop =>
        {
            count = loop.Buffers.Outstanding;
            return Task.CompletedTask;
        });
        return count;
    }

    /// <summary>Until nothing has moved for a while: every queue on the way to a reader that does not read is full.</summary>
    internal async Task UntilStalledAsync()
    {
        using var limit = new CancellationTokenSource(LoopRig.Limit);
        long last = -1;
        for (int quietRounds = 0; quietRounds < 5;)
        {
            await Task.Delay(20, limit.Token);
            long now = Counters.ToUpstream;
            quietRounds = now == last && now > 0 ? quietRounds + 1 : 0;
            last = now;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Own.Dispose();
        _upstreamOwn.Dispose();
        Downstream.Dispose();
        Upstream.Dispose();
        await EndsAsync();
    }

    private async Task<CopyResult> RunAsync(LoopSocket upstream)
    {
        CopyResult result = await SocketCopier.CopyAsync(Own, upstream, Counters);
        Own.Dispose();
        upstream.Dispose();
        return result;
    }
}
