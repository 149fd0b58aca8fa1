using System.Net;
using System.Net.Sockets;
using Ambient.Testing.Namespaces;
using Ambient.Transport.Namespaces;

namespace Ambient.Testing.Redirection;

/// <summary>A pod's namespace joined to that of a peer, with addresses of both families, and sockets in either.</summary>
public sealed class PodAndPeer : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(30));
    private readonly List<Socket> _sockets = [];

    private PodAndPeer(TestNamespace pod, TestNamespace peer, string device)
    {
        Pod = pod;
        Peer = peer;
        Device = device;
    }

    public TestNamespace Pod { get; }

    public TestNamespace Peer { get; }

    /// <summary>The interface's name in both.</summary>
    public string Device { get; }

    public CancellationToken Deadline => _deadline.Token;

    public static async Task<PodAndPeer> CreateAsync()
    {
        TestNamespace pod = await TestNamespace.CreateAsync();
        TestNamespace peer = await TestNamespace.CreateAsync();
        string device = await pod.ConnectAsync(peer, ["10.9.0.1/24", "fd09::1/64"], ["10.9.0.2/24", "fd09::2/64"]);
        await pod.RunAsync("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0", $"net.ipv4.conf.{device}.rp_filter=0");
        await pod.IpAsync("route", "add", "default", "via", "10.9.0.2");
        await pod.IpAsync("-6", "route", "add", "default", "via", "fd09::2");
        return new PodAndPeer(pod, peer, device);
    }

    public static IPAddress PodAddress(bool ipv6) => IPAddress.Parse(ipv6 ? "fd09::1" : "10.9.0.1");

    public static IPAddress PeerAddress(bool ipv6) => IPAddress.Parse(ipv6 ? "fd09::2" : "10.9.0.2");

    /// <summary>Listens on all addresses of both families. The proxy's listeners carry its mark, as those of ztunnel do.</summary>
    public Socket Listen(TestNamespace place, int port, uint mark = 0)
    {
        Socket listener = Create(place, AddressFamily.InterNetworkV6, SocketType.Stream);
        listener.DualMode = true;
        SocketMarks.Set(listener, mark);
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
        listener.Listen();
        return listener;
    }

    /// <summary>Connects, optionally with a mark and from an address that the namespace may not have.</summary>
    public async Task<Socket> ConnectAsync(TestNamespace place, IPEndPoint destination, uint mark = 0, IPAddress? source = null)
    {
        Socket socket = Create(place, destination.AddressFamily, SocketType.Stream);
        SocketMarks.Set(socket, mark);
        if (source is not null)
        {
            SocketMarks.MakeTransparent(socket);
            socket.Bind(new IPEndPoint(source, 0));
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Deadline);
        limit.CancelAfter(Timeout);
        await socket.ConnectAsync(destination, limit.Token);
        return socket;
    }

    public async Task<Socket> AcceptAsync(Socket listener)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Deadline);
        limit.CancelAfter(Timeout);
        Socket accepted = await listener.AcceptAsync(limit.Token);
        _sockets.Add(accepted);
        return accepted;
    }

    public Socket Create(TestNamespace place, AddressFamily family, SocketType type)
    {
        using NetworkNamespace target = NetworkNamespace.Open(place.Path);
        Socket socket = target.Run(() => new Socket(family, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp));
        _sockets.Add(socket);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Socket socket in _sockets)
        {
            socket.Dispose();
        }

        _deadline.Dispose();
        await Pod.DisposeAsync();
        await Peer.DisposeAsync();
    }
}
