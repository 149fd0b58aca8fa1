using System.Net.Sockets;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Ztunnel.Pods;

namespace Ambient.Ztunnel.Dns;

/// <summary>The DNS listeners of one pod, from open sockets to the last answer (node-proxy 8.1, 10.2).</summary>
internal sealed class PodDnsService : IPodService
{
    private readonly IReadOnlyList<Socket> _datagrams;
    private readonly IReadOnlyList<DnsStreams> _streams;
    private readonly DnsResponder _responder;
    private readonly CachedUpstream _upstream;
    private readonly EventLoop _signals;
    private readonly UnderWay _underWay;
    private readonly CancellationTokenSource _stopping = new();

    /// <param name="sockets">Bound, and listening if they are streams; taken over.</param>
    /// <param name="responder">Answers.</param>
    /// <param name="upstream">Taken over.</param>
    /// <param name="mostUnderWay">Queries that may wait at once.</param>
    /// <param name="signals">The loop that hears of the drain; nothing else runs there.</param>
    /// <param name="time">Bounds the silence of TCP connections.</param>
    public PodDnsService(
        IReadOnlyList<Socket> sockets, DnsResponder responder, CachedUpstream upstream, int mostUnderWay, EventLoop signals, TimeProvider time)
    {
        _datagrams = [.. sockets.Where(socket => socket.SocketType == SocketType.Dgram)];
        _responder = responder;
        _upstream = upstream;
        _underWay = new UnderWay(mostUnderWay);
        _signals = signals;
        _streams = [.. sockets.Where(socket => socket.SocketType == SocketType.Stream).Select(socket => new DnsStreams(socket, responder, _underWay, time))];
    }

    public async Task<ConnectionFailure?> ServeAsync(ConnectionRegistry registry)
    {
        using IDisposable drain = registry.Drain.Register(
            _signals, static state => _ = ((CancellationTokenSource)state!).CancelAsync(), _stopping);
        List<Task> running =
        [
            .. _datagrams.Select(socket => Task.Run(() => new DnsDatagrams(socket, _responder, _underWay).ServeAsync(_stopping.Token))),
            .. _streams.Select(streams => Task.Run(() => streams.ServeAsync(_stopping.Token))),
        ];
        try
        {
            while (running.Count > 0)
            {
                Task ended = await Task.WhenAny(running);
                running.Remove(ended);
                await ended;
            }

            await _underWay.EndAsync();
            return null;
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // Closed under its hands, when the deadline of the drain was over.
            return null;
        }
        catch (Exception error)
        {
            // Whatever it was, the pod must not stay without names: who watches starts it again.
            return new ConnectionFailure(FailurePhase.Accept, FailureSide.Proxy, FailureReason.Other, $"dns: {error.Message}");
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>At once, whatever is under way.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _upstream.Dispose();
        foreach (Socket socket in _datagrams)
        {
            socket.Dispose();
        }

        foreach (DnsStreams streams in _streams)
        {
            streams.Cut();
        }
    }
}
