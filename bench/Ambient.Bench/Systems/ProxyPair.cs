using System.Net;
using Ambient.Bench.Rig;

namespace Ambient.Bench.Systems;

/// <summary>A pair of proxy processes, one on each node.</summary>
internal abstract class ProxyPair(string name, int index) : ISystemPair
{
    public string Name { get; } = name;

    public RigProcess? ClientSide { get; private set; }

    public RigProcess? ServerSide { get; private set; }

    public abstract IPEndPoint? TlsListener { get; }

    public abstract bool SharesTunnels { get; }

    /// <summary>Distinguishes the pairs of a run: ports, addresses, file names.</summary>
    protected int Index { get; } = index;

    protected string FileName(string side) => $"{Name}-{Index}-{side}";

    public IPEndPoint Entry(RigService service) => RigPorts.Entry(Index, service);

    public async Task StartAsync(BenchRig rig)
    {
        await PrepareAsync(rig);
        ServerSide = rig.Start(ServerPlan(rig));
        ClientSide = rig.Start(ClientPlan(rig));
        await SettleAsync(rig);
    }

    public virtual async Task StopAsync(BenchRig rig)
    {
        foreach (RigProcess? side in (RigProcess?[])[ClientSide, ServerSide])
        {
            if (side is not null)
            {
                await rig.StopAsync(side);
            }
        }

        ClientSide = null;
        ServerSide = null;
    }

    protected virtual Task PrepareAsync(BenchRig rig) => Task.CompletedTask;

    /// <summary>What must have happened to the running proxies before the pair counts as started.</summary>
    protected virtual Task SettleAsync(BenchRig rig) => Task.CompletedTask;

    protected abstract ProcessPlan ClientPlan(BenchRig rig);

    protected abstract ProcessPlan ServerPlan(BenchRig rig);
}
