using System.Collections.Concurrent;
using System.Net;
using Ambient.Testing.Transport;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;

namespace Ambient.NetnsTests.Transport;

/// <summary>Sends back what it gets and notes who called, and for where.</summary>
internal sealed class EchoService : IAsyncDisposable
{
    private readonly LoopRig _rig;
    private readonly ConnectionRegistry _registry;

    internal EchoService(LoopRig rig, TcpListenerSpec spec)
    {
        _rig = rig;
        ListenResult result = ListenSocket.Open(spec);
        Listener = result.Socket ?? throw new InvalidOperationException(result.Failure!.Message);
        EndPoint = Listener.LocalEndPoint;
        _registry = new ConnectionRegistry(rig.Group);
        new AcceptLoop(Listener, rig.Group, _registry, ServeAsync).Start();
    }

    internal ListenSocket Listener { get; }

    internal IPEndPoint EndPoint { get; }

    internal ConcurrentQueue<IPEndPoint> Callers { get; } = new();

    internal ConcurrentQueue<IPEndPoint> Destinations { get; } = new();

    /// <summary>Looks at each accepted socket.</summary>
    internal Action<LoopSocket>? Inspect { get; init; }

    internal async Task<DialResult> DialAsync(IPEndPoint destination, DialOptions options)
    {
        DialResult result = default;
        await _rig.RunAsync(async loop => result = await TcpDialer.ConnectAsync(loop, destination, options));
        return result;
    }

    /// <summary>Sends, takes the answer to its end, and closes.</summary>
    internal async Task<byte[]> ExchangeAsync(LoopSocket socket, byte[] question)
    {
        byte[] answer = [];
        await _rig.RunAsync(async _ =>
        {
            await socket.WriteAllAsync(question);
            socket.ShutdownSend();
            answer = await socket.ReadAsync();
            socket.Dispose();
        });
        return answer;
    }

    public async ValueTask DisposeAsync() => await _registry.DrainAsync(TimeSpan.Zero);

    private async ValueTask ServeAsync(LoopSocket socket)
    {
        Callers.Enqueue(socket.RemoteEndPoint);
        Destinations.Enqueue(OriginalDestination.Get(socket));
        Inspect?.Invoke(socket);
        await socket.WriteAllAsync(await socket.ReadAsync());
    }
}
