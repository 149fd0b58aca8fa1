using System.Net;
using System.Net.Sockets;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Dns;

/// <summary>Gives every pod its DNS listeners: UDP and TCP on each loopback address of its namespace (node-proxy 2.1, 8.1).</summary>
internal sealed class DnsListenerKind : IPodListenerKind
{
    /// <summary>Forwarded queries of all pods together; each has a socket.</summary>
    private const int MostForwarded = 2048;

    /// <summary>Queries of one pod that wait for its workload to become known or for an upstream.</summary>
    private const int MostUnderWay = 256;

    /// <summary>Of one pod's cache.</summary>
    private const int CacheEntries = 256;

    private const int Backlog = 128;

    private readonly ListenAddresses _addresses;
    private readonly ResolverFile _resolvers;
    private readonly DnsAnswers _answers;
    private readonly DnsReports _reports;
    private readonly EventLoop _signals;
    private readonly TimeProvider _time;
    private readonly QueryBudget _forwarded = new(MostForwarded);

    /// <param name="options">The settings.</param>
    /// <param name="resolvers">Asked for what the mesh does not know.</param>
    /// <param name="metrics">Counted in.</param>
    /// <param name="signals">Hears of drains.</param>
    /// <param name="loggers">For the queries (target <c>dns</c>).</param>
    /// <param name="time">Measures, ages and bounds.</param>
    public DnsListenerKind(
        ZtunnelOptions options, ResolverFile resolvers, DnsMetrics metrics, EventLoop signals, ILoggerFactory loggers, TimeProvider time)
    {
        _addresses = new ListenAddresses(options.Dns.Address, options.Listeners.Ipv6Enabled && Socket.OSSupportsIPv6);
        _resolvers = resolvers;
        _reports = new DnsReports(metrics, loggers.CreateLogger(LogTargets.Dns), time);
        _signals = signals;
        _time = time;
        _answers = new DnsAnswers(options.Proxy, options.Listeners.Ipv6Enabled, () => resolvers.Current);
    }

    public void Open(PodListeners listeners, PodParts parts)
    {
        List<Socket> sockets = [];
        try
        {
            foreach ((IPEndPoint local, bool isOptional) in _addresses.All)
            {
                OpenPair(listeners, sockets, local, isOptional, parts);
            }
        }
        catch (StartException)
        {
            sockets.ForEach(socket => socket.Dispose());
            throw;
        }

        uint? mark = parts.Sockets.Dial.Socket.Mark;
        UpstreamClient client = new(() => _resolvers.Current, (family, type) => PoolSocket.Create(family, type, parts.Namespace, mark), _forwarded, _time);
        CachedUpstream upstream = new(client, new AnswerCache(CacheEntries, _time));
        DnsResponder responder = new(parts.Local, () => _answers.Current, upstream, _reports);
        listeners.Add(new PodDnsService(sockets, responder, upstream, MostUnderWay, _signals, _time));
    }

    private static void OpenPair(PodListeners listeners, List<Socket> sockets, IPEndPoint local, bool isOptional, PodParts parts)
    {
        foreach (SocketType type in (ReadOnlySpan<SocketType>)[SocketType.Dgram, SocketType.Stream])
        {
            Socket? socket = null;
            try
            {
                socket = PoolSocket.Create(local.AddressFamily, type, parts.Namespace, parts.Sockets.Inbound.Socket.Mark);
                Bind(socket, local, parts.Sockets.Inbound.ReusePort);
                sockets.Add(socket);
            }
            catch (SocketException error) when (isOptional && error.SocketErrorCode == SocketError.AddressNotAvailable)
            {
                // IPv6 is off on this namespace's loopback: nobody there can ask over it.
                socket?.Dispose();
                return;
            }
            catch (Exception error) when (error is SocketException or IOException)
            {
                socket?.Dispose();
                throw new StartException($"failure to start proxy : dns: {local}: {error.Message}; is the port in use?", error);
            }
        }

        listeners.Report(local, "dns", isTransparent: false);
    }

    private static void Bind(Socket socket, IPEndPoint local, bool sharesPort)
    {
        if (socket.SocketType == SocketType.Stream)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        }

        if (sharesPort)
        {
            PoolSocket.SharePort(socket);
        }

        socket.Bind(local);
        if (socket.SocketType == SocketType.Stream)
        {
            socket.Listen(Backlog);
        }
    }
}
