using System.Net;
using System.Net.Sockets;
using Ambient.Testing.Transport;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;

namespace Ambient.InProcessTests.Transport;

/// <summary>A listener with its accept loop and registry, for one test.</summary>
internal sealed class Service : IDisposable
{
    private Service(LoopRig rig, TcpListenerSpec spec, Func<LoopSocket, ValueTask> handler)
    {
        ListenResult result = ListenSocket.Open(spec);
        ListenSocket listener = result.Socket ?? throw new InvalidOperationException(result.Failure!.Message);
        EndPoint = listener.LocalEndPoint;
        Registry = new ConnectionRegistry(rig.Group);
        Accept = new AcceptLoop(listener, rig.Group, Registry, handler);
        Accept.Start();
    }

    internal IPEndPoint EndPoint { get; }

    internal ConnectionRegistry Registry { get; }

    internal AcceptLoop Accept { get; }

    internal static Service Start(LoopRig rig, string endPoint, Func<LoopSocket, ValueTask> handler) =>
        Start(rig, new TcpListenerSpec(IPEndPoint.Parse(endPoint)), handler);

    internal static Service Start(LoopRig rig, TcpListenerSpec spec, Func<LoopSocket, ValueTask> handler) => new(rig, spec, handler);

    internal async Task<Socket> ConnectAsync(IPAddress address)
    {
        var client = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await client.ConnectAsync(address, EndPoint.Port);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    internal Task<Socket[]> ConnectManyAsync(int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => ConnectAsync(IPAddress.Loopback)));

    /// <summary>Waits for a state that has no signal of its own.</summary>
    internal async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(LoopRig.Limit);
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Delay(1, limit.Token);
        }
    }

    public void Dispose() => Accept.Stop();
}
