using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Ambient.Lab;
using Ambient.Lab.Plans;
using Ambient.Lab.Specs;
using Ambient.Lab.Workloads;
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

    /// <summary>What the pod's program wrote.</summary>
    public string OutputOf(string pod) => File.ReadAllText(Lab.Directory.PodLog(pod));

    /// <summary>The first line of the file, past or future, that contains all parts.</summary>
    public static async Task<string> WaitForLineAsync(string path, params string[] parts)
    {
        string? found = null;
        await WaitUntilAsync(
            async () =>
            {
                found = (await File.ReadAllLinesAsync(path)).FirstOrDefault(line => parts.All(part => line.Contains(part, StringComparison.Ordinal)));
                return found is not null;
            },
            $"a line with {string.Join(" and ", parts)} in {path}");
        return found!;
    }

    /// <summary>A line of a ztunnel's access log about a connection that is over.</summary>
    public Task<string> WaitForReportAsync(NodePlan node, string direction, params string[] parts) =>
        WaitForLineAsync(Lab.Directory.ZtunnelLog(node.Name), [$"direction=\"{direction}\"", .. parts]);

    /// <summary>How a workload is named in logs, in whole.</summary>
    public string Identity(string side, string pod) => $"{side}.identity=\"spiffe://{Pod(pod).Spec.Principal}\"";

    /// <summary>The address of a service.</summary>
    public IPAddress Service(string name, bool ipv6) => Lab.Plan.ServiceAddress(Lab.Plan.Spec.Services.First(service => service.Name == name), ipv6);

    /// <summary>Puts a random file where nginx in the pod web serves it, below /files/, and tells its SHA-256 in lower case.</summary>
    public async Task<string> ServeFileAsync(string name, int bytes)
    {
        byte[] content = RandomNumberGenerator.GetBytes(bytes);
        await File.WriteAllBytesAsync(Path.Combine(Lab.Directory.PodDirectory(DefaultLab.Web), NginxWorkload.FilesDirectory, name), content);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    /// <summary>The SHA-256 of what curl fetches in the pod.</summary>
    public static async Task<string> DigestAsync(PodPlan from, string url)
    {
        CommandResult result = await Command.TryRunAsync(
            "nsenter", $"--net={from.NamespacePath}", "sh", "-c", $"curl -qgsS --noproxy '*' --max-time 30 '{url}' | sha256sum");
        return result.Output.Split(' ')[0];
    }

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
