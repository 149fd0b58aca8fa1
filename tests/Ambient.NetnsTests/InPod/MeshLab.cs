using System.Net;
using System.Net.Sockets;
using Ambient.Lab;
using Ambient.Lab.Plans;
using Ambient.Lab.Specs;
using Ambient.Testing.Lab;
using Ambient.Testing.Namespaces;
using Ambient.Transport.Namespaces;

namespace Ambient.NetnsTests.InPod;

/// <summary>The default lab with its mesh, whose ztunnels are told of their pods by node agents.</summary>
internal sealed class MeshLab : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly LabFolder _folder = new();

    public RunningLab Lab { get; private set; } = null!;

    public NodePlan NodeA => Lab.Plan.Nodes[0];

    public NodePlan NodeB => Lab.Plan.Nodes[1];

    public static async Task<MeshLab> BuildAsync(Func<LabSpec, LabSpec>? change = null)
    {
        var mesh = new MeshLab();
        try
        {
            LabSpec spec = DefaultLab.Build(mesh._folder.NewName());
            LabOptions options = mesh._folder.Options with { WithMesh = true, WithAgents = true };
            mesh.Lab = await new LabBuilder(options).BuildAsync(change is null ? spec : change(spec), CancellationToken.None);
            return mesh;
        }
        catch
        {
            await mesh.DisposeAsync();
            throw;
        }
    }

    public PodPlan Pod(string name) => Lab.Plan.Pod(name);

    /// <summary>A connection that an application of the pod makes.</summary>
    public static async Task<Socket> ConnectAsync(PodPlan from, IPAddress address, int port)
    {
        using NetworkNamespace inside = NetworkNamespace.Open(from.NamespacePath);
        Socket socket = inside.Run(() => new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        try
        {
            using var limit = new CancellationTokenSource(Limit);
            await socket.ConnectAsync(new IPEndPoint(address, port), limit.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>What comes next; empty when the other side closed or reset the connection.</summary>
    public static async Task<byte[]> ReceiveAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(Limit);
        byte[] buffer = new byte[4096];
        try
        {
            return buffer[..await socket.ReceiveAsync(buffer, limit.Token)];
        }
        catch (SocketException)
        {
            return [];
        }
    }

    /// <summary>Asks the echo server how many connections it holds, which shows that the connection carries bytes both ways.</summary>
    public static async Task<bool> CarriesAsync(Socket socket, string order, string beginOfAnswer)
    {
        try
        {
            await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes($"{order}\n"));
        }
        catch (SocketException)
        {
            return false;
        }

        return System.Text.Encoding.ASCII.GetString(await ReceiveAsync(socket)).StartsWith(beginOfAnswer, StringComparison.Ordinal);
    }

    public Task<CommandResult> CurlAsync(PodPlan from, string url) => Command.TryRunAsync(
        "nsenter", $"--net={from.NamespacePath}", "curl", "-qgsS", "--noproxy", "*", "--max-time", "10", url);

    public static async Task WaitUntilAsync(Func<Task<bool>> condition, string what)
    {
        long begin = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(begin) > Limit)
            {
                throw new TimeoutException($"Not within {Limit.TotalSeconds:0} s: {what}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();
}
