using System.Net;
using System.Net.Sockets;
using Ambient.InProcessTests.Transport;
using Ambient.InProcessTests.Ztunnel;
using Ambient.Testing.Bench;
using Xunit;
using Xunit.Abstractions;

namespace Ambient.InProcessTests.Bench;

/// <summary>
/// What a connection through two nodes allocates, both nodes together: telemetry, policy and pool as they ship. The figures are of the whole
/// process, so nothing else may run beside it; client and destination block and reuse their buffers.
/// </summary>
[Collection(nameof(ExclusiveProcess))]
public sealed class RoutedConnectionAllocationTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int RoundTrips = 2_000;
    private const int Connections = 200;

    /// <summary>The figure is the least of these: the compiler's threads and the timers of the nodes allocate in some, the connection in all.</summary>
    private const int Batches = 8;

    /// <summary>What the background may allocate during one batch of round trips, not per round trip.</summary>
    private const int Background = 16 * 1_024;

    private readonly TestCluster _cluster = new();
    private readonly byte[] _message = new byte[64];
    private BlockingEcho _echo = null!;

    public async Task InitializeAsync()
    {
        _echo = new BlockingEcho(new IPEndPoint(_cluster.ServerAddress, 8080));
        await _cluster.StartServerAsync();
        await _cluster.StartClientAsync();
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _echo.Dispose();
    }

    [Fact]
    public void A_round_trip_on_a_warm_connection_allocates_nothing()
    {
        using Socket socket = Connect();
        long least = LeastOf(() =>
        {
            for (int i = 0; i < RoundTrips; i++)
            {
                RoundTrip(socket);
            }
        });

        output.WriteLine($"{least} bytes in {RoundTrips} round trips");
        Assert.InRange(Math.Max(0, least - Background) / RoundTrips, 0, AllocationBudgets.Current.Connections["RoundTrip"]);
    }

    [Fact]
    public void A_connection_on_a_warm_tunnel_allocates_no_more_than_its_budget()
    {
        long least = LeastOf(() =>
        {
            for (int i = 0; i < Connections; i++)
            {
                using Socket socket = Connect();
                RoundTrip(socket);
            }
        });

        output.WriteLine($"{least / Connections} bytes per connection");
        Assert.InRange(least / Connections, 1, AllocationBudgets.Current.Connections["OpenAndClose"]);
    }

    private static long LeastOf(Action batch)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Batches; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            batch();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }

    private Socket Connect()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(_cluster.Forward(1));
        return socket;
    }

    private void RoundTrip(Socket socket)
    {
        socket.Send(_message);
        for (int received = 0; received < _message.Length;)
        {
            int read = socket.Receive(_message.AsSpan(received));
            Assert.NotEqual(0, read);
            received += read;
        }
    }
}
