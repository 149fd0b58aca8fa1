using System.Net;
using Ambient.Bench.Rig;

namespace Ambient.Bench.Systems;

/// <summary>No proxy: the application connects over the link.</summary>
internal sealed class DirectPath : ISystemPair
{
    public string Name => SystemName.Direct;

    public RigProcess? ClientSide => null;

    public RigProcess? ServerSide => null;

    public IPEndPoint? TlsListener => null;

    public bool SharesTunnels => false;

    public IPEndPoint Entry(RigService service) => new(RigNetwork.ServerAddress, RigPorts.Sink(service));

    public Task StartAsync(BenchRig rig) => Task.CompletedTask;

    public Task StopAsync(BenchRig rig) => Task.CompletedTask;
}
