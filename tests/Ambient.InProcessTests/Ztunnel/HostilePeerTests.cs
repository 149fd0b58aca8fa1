using System.Net;
using System.Net.Sockets;

namespace Ambient.InProcessTests.Ztunnel;

/// <summary>What strangers can do to the HBONE port before they have proven who they are.</summary>
public sealed class HostilePeerTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();
    private TestNode _server = null!;

    public async Task InitializeAsync() => _server = await _cluster.StartServerAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Peers_that_never_shake_hands_are_bounded_and_the_one_too_many_is_told_off_in_the_log()
    {
        IPEndPoint hbone = new(_cluster.ServerAddress, 15008);
        List<Socket> silent = [];
        try
        {
            for (int i = 0; i < 513; i++)
            {
                silent.Add(await Requests.ConnectAsync(hbone));
            }

            string line = await _server.Log.WaitForAsync("connection failed", "too many handshakes at once");
            Assert.Contains("hint=", line, StringComparison.Ordinal);
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001")]
    public async Task A_peer_that_speaks_no_TLS_is_cut_off_and_logged(string greeting)
    {
        using Socket socket = await Requests.ConnectAsync(new IPEndPoint(_cluster.ServerAddress, 15008));
        await socket.SendAsync(System.Text.Encoding.Latin1.GetBytes(greeting));
        socket.Shutdown(SocketShutdown.Send);

        await _server.Log.WaitForAsync("connection failed", "tls error");
    }
}
