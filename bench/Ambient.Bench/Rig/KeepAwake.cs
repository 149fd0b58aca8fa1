namespace Ambient.Bench.Rig;

/// <summary>
/// A loop of the lowest class (SCHED_IDLE) on every CPU. It gives way to anything at once, but keeps the CPU from halting: on a virtual machine
/// the way out of a halt costs more than a proxy's whole share of a small request, and would be all that a latency at one connection shows.
/// </summary>
internal sealed class KeepAwake(BenchRig rig) : IAsyncDisposable
{
    private readonly List<RigProcess> _loops = [];

    public static KeepAwake Start(BenchRig rig)
    {
        KeepAwake awake = new(rig);
        for (int cpu = 0; cpu < Environment.ProcessorCount; cpu++)
        {
            awake._loops.Add(rig.Start(new ProcessPlan(
                $"keep-awake-{cpu}", rig.Network.ClientNamespace, ProcessRole.Load,
                ["taskset", "-c", $"{cpu}", "chrt", "-i", "0", "sh", "-c", "while :; do :; done"])));
        }

        return awake;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RigProcess loop in _loops)
        {
            await rig.StopAsync(loop);
        }
    }
}
