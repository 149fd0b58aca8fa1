using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Ambient.Testing.Namespaces;
using Ambient.Testing.Transport;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Ambient.InProcessTests.Transport;

/// <summary>Lowers the limit of the whole test process, so nothing else may run beside it.</summary>
[Collection(nameof(ExclusiveProcess))]
public sealed class DescriptorExhaustionTests
{
    [Fact]
    public async Task Accepting_backs_off_without_descriptors_and_recovers()
    {
        const int Waiting = 20;
        await using var rig = new LoopRig();
        using Service service = Service.Start(rig, "127.0.0.1:0", static async socket =>
            await socket.WriteAllAsync(await socket.ReadAsync(1)));
        // Clients get their descriptors while there are some; connecting needs no more.
        Socket[] clients = Enumerable.Range(0, Waiting).Select(static _ => new Socket(
            AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToArray();
        await WarmUpAsync(service);
        var held = new List<SafeFileHandle>();
        try
        {
            await LowerLimitAsync();
            UseUpDescriptors(held);
            foreach (Socket client in clients)
            {
                await client.ConnectAsync(service.EndPoint);
                await client.SendAsync(new byte[1]);
            }

            await service.UntilAsync(() => service.Accept.Statistics.Backoffs >= 3);
            DialResult refused = await DialAsync(rig, service.EndPoint);
            Assert.Equal(FailureReason.OutOfDescriptors, refused.Failure!.Reason);
            Assert.Equal(FailureSide.Proxy, refused.Failure.Side);
            Assert.False(service.Accept.Completion.IsCompleted);
        }
        finally
        {
            held.ForEach(static handle => handle.Dispose());
            OpenFileLimit limit = ResourceLimits.RaiseOpenFiles();
            Assert.True(limit.Now > limit.Before);
        }

        byte[][] answers = await Task.WhenAll(clients.Select(LoopSocketTests.ReadToEndAsync));
        Assert.All(answers, static answer => Assert.Single(answer));
        Assert.Equal(Waiting + 1, service.Accept.Statistics.Accepted);
        Array.ForEach(clients, static client => client.Dispose());
    }

    /// <summary>What is loaded and opened at first use must not be so for the first time without descriptors.</summary>
    private static async Task WarmUpAsync(Service service)
    {
        using Socket client = await service.ConnectAsync(IPAddress.Loopback);
        await client.SendAsync(new byte[1]);
        await LoopSocketTests.ReadToEndAsync(client);
        Assert.Equal("x", new ConnectionFailure(FailurePhase.Accept, FailureSide.Proxy, FailureReason.Other, "x").Message);
        Assert.NotNull(ConnectionFailure.FromErrno(FailurePhase.Accept, FailureSide.Proxy, 24, "warming up").Hint);
    }

    private static Task<string> LowerLimitAsync()
    {
        int highest = Directory.GetFiles("/proc/self/fd").Max(static path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture));
        return Command.RunAsync(
            "prlimit", "--pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), $"--nofile={highest + 20}:");
    }

    private static void UseUpDescriptors(List<SafeFileHandle> held)
    {
        try
        {
            while (true)
            {
                held.Add(File.OpenHandle("/dev/null"));
            }
        }
        catch (IOException)
        {
            Assert.NotEmpty(held);
        }
    }

    private static async Task<DialResult> DialAsync(LoopRig rig, IPEndPoint destination)
    {
        DialResult result = default;
        await rig.RunAsync(async (EventLoop loop) => result = await TcpDialer.ConnectAsync(loop, destination, DialOptions.Default));
        return result;
    }
}
