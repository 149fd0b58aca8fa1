using System.Net;
using System.Net.Sockets;
using Ambient.Testing;
using Ambient.Testing.Namespaces;
using Ambient.Testing.Transport;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Namespaces;
using Ambient.Transport.Sockets;

namespace Ambient.NetnsTests.Transport;

public sealed class SocketMarkTests
{
    private const uint Mark = 1337;
    private static readonly SocketOptionSet Marked = new(Mark: Mark);

    [RootFact]
    public async Task The_mark_of_a_dialled_socket_decides_its_route()
    {
        await using TestNamespace pod = await TestNamespace.CreateAsync();
        await pod.IpAsync("rule", "add", "fwmark", "1337", "unreachable", "priority", "0");
        await pod.IpAsync("rule", "add", "lookup", "local", "priority", "1");
        await pod.IpAsync("rule", "del", "priority", "0", "lookup", "local");
        using NetworkNamespace network = NetworkNamespace.Open(pod.Path);
        await using var rig = new LoopRig();
        await using var echo = new EchoService(rig, new TcpListenerSpec(IPEndPoint.Parse("127.0.0.1:0")) { Namespace = network });

        DialResult plain = await echo.DialAsync(echo.EndPoint, new DialOptions { Namespace = network });
        Assert.Equal("x"u8.ToArray(), await echo.ExchangeAsync(plain.Socket!, "x"u8.ToArray()));
        DialResult marked = await echo.DialAsync(echo.EndPoint, new DialOptions { Namespace = network, Socket = Marked });
        Assert.Equal(FailureReason.Unreachable, marked.Failure!.Reason);
    }

    [RootFact]
    public async Task Accepted_sockets_carry_the_mark_of_their_listener()
    {
        await using TestNamespace pod = await TestNamespace.CreateAsync();
        using NetworkNamespace network = NetworkNamespace.Open(pod.Path);
        await using var rig = new LoopRig();
        var mark = new TaskCompletionSource<int>();
        await using var echo = new EchoService(rig, new TcpListenerSpec(IPEndPoint.Parse("[::]:0")) { Namespace = network, Socket = Marked })
        {
            Inspect = socket => mark.SetResult(MarkOf(socket)),
        };
        DialResult result = await echo.DialAsync(
            new IPEndPoint(IPAddress.Loopback, echo.EndPoint.Port), new DialOptions { Namespace = network });
        await echo.ExchangeAsync(result.Socket!, "x"u8.ToArray());

        Assert.Equal((int)Mark, await mark.Task.WaitAsync(LoopRig.Limit));
    }

    private static int MarkOf(LoopSocket socket)
    {
        const int LevelSocket = 1;
        const int OptionMark = 36;
        using var view = new Socket(new SafeSocketHandle(socket.FileDescriptor, ownsHandle: false));
        Span<byte> value = stackalloc byte[sizeof(int)];
        view.GetRawSocketOption(LevelSocket, OptionMark, value);
        return BitConverter.ToInt32(value);
    }
}
