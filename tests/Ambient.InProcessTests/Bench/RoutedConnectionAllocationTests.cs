using System.Net;
using System.Net.Sockets;
using Ambient.InProcessTests.Ztunnel;
using Ambient.Testing.Bench;
using Ambient.Transport.Loops;
using Xunit.Abstractions;

namespace Ambient.InProcessTests.Bench;

/// <summary>
/// What a connection through two nodes allocates on their loop threads, both nodes together: telemetry, policy and pool as they ship. The
/// writer of the log, the admin pages and the applications have threads of their own and do not count.
/// </summary>
public sealed class RoutedConnectionAllocationTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int RoundTrips = 2_000;
    private const int Connections = 200;

    /// <summary>The figure is the least of these: timers of the nodes and methods that are compiled anew allocate in some, the connection in all.</summary>
    private const int Batches = 80;

    private readonly TestCluster _cluster = new();
    private readonly byte[] _message = new byte[64];
    private BlockingEcho _echo = null!;
    private EventLoop[] _loops = [];

    public async Task InitializeAsync()
    {
        _echo = new BlockingEcho(new IPEndPoint(_cluster.ServerAddress, 8080));
        TestNode server = await _cluster.StartServerAsync();
        TestNode client = await _cluster.StartClientAsync();
        _loops = [.. server.App.Loops, .. client.App.Loops];
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _echo.Dispose();
    }

    [Fact]
    public async Task A_round_trip_on_a_warm_connection_allocates_nothing()
    {
        using Socket socket = Connect();
        long least = await LeastOfAsync(RoundTrips * AllocationBudgets.Current.Connections["RoundTrip"], () =>
        {
            for (int i = 0; i < RoundTrips; i++)
            {
                RoundTrip(socket);
            }
        });

        output.WriteLine($"{least} bytes in {RoundTrips} round trips");
        Assert.InRange(least / RoundTrips, 0, AllocationBudgets.Current.Connections["RoundTrip"]);
    }

    [Fact]
    public async Task A_connection_on_a_warm_tunnel_allocates_no_more_than_its_budget()
    {
        long least = await LeastOfAsync(Connections * AllocationBudgets.Current.Connections["OpenAndClose"], () =>
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

    /// <summary>
    /// The least that any batch took. The compiler improves hot code in the background, at its own pace on a busy machine, and unimproved code
    /// allocates more: batches go on until one is within the budget, or until there were enough for any machine.
    /// </summary>
    private async Task<long> LeastOfAsync(long budget, Action batch)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Batches && least > budget; i++)
        {
            long before = await AllocatedAsync();
            batch();
            least = Math.Min(least, await AllocatedAsync() - before);
        }

        return least;
    }

    /// <summary>Bytes that the loop threads have allocated so far; each is asked on its own thread.</summary>
    private async Task<long> AllocatedAsync()
    {
        long sum = 0;
        foreach (EventLoop loop in _loops)
        {
            TaskCompletionSource<long> allocated = new(TaskCreationOptions.RunContinuationsAsynchronously);
            loop.Post(static state => ((TaskCompletionSource<long>)state!).SetResult(GC.GetAllocatedBytesForCurrentThread()), allocated);
            sum += await allocated.Task;
        }

        return sum;
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
            received += read > 0 ? read : throw new InvalidOperationException("the connection was closed");
        }
    }
}
