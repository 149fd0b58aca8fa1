using System.Diagnostics;
using Ambient.Bench.Options;
using Ambient.Bench.Rig;
using Ambient.Bench.Systems;
using Ambient.Bench.Workloads;
using Ambient.LoadGenerator;

namespace Ambient.Bench.Footing;

/// <summary>Makes every pair shake hands while the link is captured, and asks each what it thinks of a client without a certificate.</summary>
internal sealed class FootingCheck(BenchRig rig, LoadClient load)
{
    private const int ConnectionsPerPair = 3;
    private static readonly TimeSpan CaptureStartPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CaptureFlushTime = TimeSpan.FromMilliseconds(300);

    /// <param name="pairs">The pairs; none may have carried a connection yet, or a shared tunnel's handshake is already over.</param>
    /// <param name="suite">The suite they must all choose.</param>
    /// <param name="waitUntilReady">Opens a first connection through a pair, retrying while it starts.</param>
    /// <exception cref="UnequalFootingException">A pair breaks a rule.</exception>
    public async Task<IReadOnlyList<FootingRecord>> RunAsync(IReadOnlyList<ISystemPair> pairs, TlsSuite suite, Func<ISystemPair, Task> waitUntilReady)
    {
        string file = Path.Combine(rig.Folder, $"handshakes-{suite.Id}.pcap");
        RigProcess capture = rig.Start(new ProcessPlan(
            $"capture-{suite.Id}", rig.Network.ServerNamespace, ProcessRole.Load,
            ["tcpdump", "--immediate-mode", "-U", "-n", "-i", "link0", "-w", file, "tcp"]));
        await WaitForCaptureAsync(capture);
        Dictionary<string, LoadResult> probes = [];
        foreach (ISystemPair pair in pairs)
        {
            await waitUntilReady(pair);
            await load.ExecuteAsync(new LoadCommand(LoadCommandKind.Hold, $"{pair.Entry(RigService.Echo)}", ConnectionsPerPair));
            await load.ExecuteAsync(new LoadCommand(LoadCommandKind.Release));
        }

        await Task.Delay(CaptureFlushTime);
        await rig.StopAsync(capture);
        foreach (ISystemPair pair in pairs.Where(pair => pair.TlsListener is not null))
        {
            probes[pair.Name] = await load.ExecuteAsync(new LoadCommand(LoadCommandKind.ProbeTls, $"{pair.TlsListener}"));
        }

        IReadOnlyList<TlsHello> hellos = PcapReader.ServerHellos(await File.ReadAllBytesAsync(file));
        return [.. pairs.Where(pair => pair.TlsListener is not null).Select(pair => Judge(pair, suite, hellos, probes[pair.Name]))];
    }

    private static FootingRecord Judge(ISystemPair pair, TlsSuite suite, IReadOnlyList<TlsHello> hellos, LoadResult probe)
    {
        TlsHello[] own = [.. hellos.Where(hello => hello.Server.Equals(pair.TlsListener))];
        if (probe.Errors > 0)
        {
            throw new UnequalFootingException($"{pair.Name}: the probe failed: {probe.Message}");
        }

        return FootingRules.Judge(pair.Name, suite, own, acceptsWithoutCertificate: probe.Count > 0) is string fault
            ? throw new UnequalFootingException(fault)
            : new FootingRecord(pair.Name, suite.Name, own.Length, probe.Message);
    }

    /// <summary>tcpdump says "listening on" once its filter is in place.</summary>
    private static async Task WaitForCaptureAsync(RigProcess capture)
    {
        long began = Stopwatch.GetTimestamp();
        while (!capture.LogTail().Contains("listening on", StringComparison.Ordinal))
        {
            if (capture.HasExited || Stopwatch.GetElapsedTime(began) > CaptureStartPatience)
            {
                throw new InvalidOperationException($"tcpdump did not start: {capture.LogTail()}");
            }

            await Task.Delay(50);
        }
    }
}
