using System.Net;
using System.Net.Sockets;
using Ambient.InProcessTests.Transport;
using Ambient.InProcessTests.Ztunnel;
using Ambient.Testing.Bench;
using Xunit.Abstractions;

namespace Ambient.InProcessTests.Bench;

/// <summary>
/// What stays alive on the managed heap for a connection that waits, in both nodes together: routed connections less direct ones, which cost this
/// test the same two sockets.
/// </summary>
[Collection(nameof(ExclusiveProcess))]
public sealed class IdleConnectionMemoryTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Connections = 500;
    private const int Readings = 2;
    private const int PatienceMicroseconds = 20_000_000;

    private readonly TestCluster _cluster = new();
    private readonly Socket _application = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _byte = new byte[1];

    public async Task InitializeAsync()
    {
        _application.Bind(new IPEndPoint(_cluster.ServerAddress, 8080));
        _application.Listen(16);
        await _cluster.StartServerAsync();
        await _cluster.StartClientAsync();
    }

    public async Task DisposeAsync()
    {
        _application.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public void A_waiting_connection_keeps_no_more_than_its_budget()
    {
        // What the first tunnel of a loop brings for all that follow, a buffer of a megabyte among it, is there on every loop before anything is
        // weighed, and stays: divided among connections it would count as theirs, or not, as the process's array pool has a spare one.
        List<Socket> first = Hold(_cluster.Forward(1));
        long direct = Weigh((IPEndPoint)_application.LocalEndPoint!);
        long routed = Weigh(_cluster.Forward(1));
        first.ForEach(static socket => socket.Dispose());
        long each = (routed - direct) / Connections;

        output.WriteLine($"{each} bytes for each of {Connections} connections ({routed / Connections} routed, {direct / Connections} direct)");
        Assert.InRange(each, 1, AllocationBudgets.Current.Connections["Idle"]);
    }

    /// <summary>
    /// Live bytes that connections to an address add while they are held: the most of two readings, each on top of what was held before. The array
    /// pool lets go of a buffer some time after its last use, which makes a reading too small.
    /// </summary>
    private long Weigh(IPEndPoint address)
    {
        List<Socket> held = [];
        long most = long.MinValue;
        for (int reading = 0; reading < Readings; reading++)
        {
            long before = Live();
            held.AddRange(Hold(address));
            most = Math.Max(most, Live() - before);
        }

        held.ForEach(static socket => socket.Dispose());
        return most;
    }

    private List<Socket> Hold(IPEndPoint address)
    {
        List<Socket> held = new(2 * Connections);
        for (int i = 0; i < Connections; i++)
        {
            Open(address, held);
        }

        return held;
    }

    /// <summary>One byte passes through, so that the connection is past everything that happens once.</summary>
    private void Open(IPEndPoint address, List<Socket> held)
    {
        Socket caller = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        held.Add(caller);
        caller.Connect(address);
        Assert.True(_application.Poll(PatienceMicroseconds, SelectMode.SelectRead), "the connection did not arrive at the application");
        Socket callee = _application.Accept();
        held.Add(callee);
        caller.Send(_byte);
        Assert.True(callee.Poll(PatienceMicroseconds, SelectMode.SelectRead), "nothing came through");
        Assert.Equal(1, callee.Receive(_byte));
    }

    private static long Live()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
