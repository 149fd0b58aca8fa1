using System.Net;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.Admin;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Pods;

/// <summary>The listening sockets of one pod: all are opened before any is served, so that a pod is up whole or not at all.</summary>
internal sealed class PodListeners(EventLoopGroup loops, ConnectionRegistry registry, ILogger logger)
{
    private readonly List<(ListenSocket Socket, Func<LoopSocket, ValueTask> Handler)> _opened = [];
    private readonly List<IPodService> _services = [];
    private Task<ConnectionFailure?>[] _serving = [];

    /// <exception cref="StartException">The address cannot be listened on.</exception>
    public void Open(TcpListenerSpec spec, string component, Func<ListenSocket, Func<LoopSocket, ValueTask>> handler)
    {
        ListenResult result = ListenSocket.Open(spec);
        if (result.Socket is not { } socket)
        {
            throw new StartException($"failure to start proxy : {component}: {result.Failure!.Message}; {result.Failure.Hint ?? "see the kernel's message"}");
        }

        _opened.Add((socket, handler(socket)));
        Report(socket.LocalEndPoint, component, socket.IsTransparent);
    }

    /// <summary>Says that something listens.</summary>
    public void Report(IPEndPoint local, string component, bool isTransparent) => PodsLog.ListenerEstablished(logger, local, component, isTransparent);

    /// <summary>Takes over something else that listens; its sockets are open already.</summary>
    public void Add(IPodService service) => _services.Add(service);

    /// <summary>Accepts until the drain; completes with the first listener's failure, or null when all have stopped.</summary>
    public async Task<ConnectionFailure?> Serve()
    {
        _serving = [.. _services.Select(service => service.ServeAsync(registry))];
        List<Task<ConnectionFailure?>> running = [.. _serving];
        foreach ((ListenSocket socket, Func<LoopSocket, ValueTask> handler) in _opened)
        {
            AcceptLoop accepting = new(socket, loops, registry, handler);
            accepting.Start();
            running.Add(accepting.Completion);
        }

        while (running.Count > 0)
        {
            Task<ConnectionFailure?> ended = await Task.WhenAny(running);
            running.Remove(ended);
            if (await ended is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    /// <summary>Gives what is no accept loop up to <paramref name="deadline"/> to stop, then closes it. The drain has begun.</summary>
    public async Task EndServicesAsync(TimeSpan deadline)
    {
        if (deadline > TimeSpan.Zero && _serving.Length > 0)
        {
            await Task.WhenAny(Task.WhenAll(_serving), Task.Delay(deadline));
        }

        foreach (IPodService service in _services)
        {
            service.Dispose();
        }
    }

    public void Abandon()
    {
        foreach ((ListenSocket socket, _) in _opened)
        {
            socket.Dispose();
        }

        foreach (IPodService service in _services)
        {
            service.Dispose();
        }
    }
}
