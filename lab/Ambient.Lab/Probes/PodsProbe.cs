using System.Diagnostics;
using System.Globalization;
using Ambient.Lab.Agents;
using Ambient.Lab.Plans;
using Ambient.Lab.Ztunnels;
using Ambient.Redirection.Commands;
using Ambient.Transport.Namespaces;
using Ambient.Zds;
using Microsoft.Win32.SafeHandles;

namespace Ambient.Lab.Probes;

/// <summary>Plays the node agent of many empty pods for one ztunnel, and measures it: <c>ambientctl probe pods</c>.</summary>
public sealed class PodsProbe(string ztunnel, int count)
{
    public const int MaxPods = 1000;

    private static readonly string[] SocketTables = ["tcp", "tcp6"];
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly ProgramRunner Programs = new();

    private readonly string _prefix = $"ambient-pods-{Environment.ProcessId}-";

    private string Home => $"{_prefix}home";

    /// <exception cref="LabException">Namespaces cannot be made, or ztunnel did not connect.</exception>
    public async Task<PodsProbeResult> RunAsync(CancellationToken cancellation)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("ambient-pods-");
        string[] names = [Home, .. Enumerable.Range(0, count).Select(NameOf)];
        try
        {
            await BatchAsync(directory, names.Select(name => $"netns add {name}"), cancellation);
            foreach (string name in names)
            {
                await RunAsync(cancellation, "-n", name, "link", "set", "lo", "up");
            }

            using PacketListener listener = PacketListener.Open(SocketIn(directory));
            using Process process = Start(directory);
            try
            {
                return await MeasureAsync(process, listener, cancellation);
            }
            finally
            {
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
        finally
        {
            await BatchAsync(directory, names.Where(name => File.Exists(NamespaceFiles.PathOf(name))).Select(name => $"netns del {name}"), CancellationToken.None);
            directory.Delete(recursive: true);
        }
    }

    private async Task<PodsProbeResult> MeasureAsync(Process process, PacketListener listener, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLimit);
        using var proxy = new AgentConnection(await listener.AcceptAsync(limit.Token));
        await proxy.ReadHelloAsync(limit.Token);
        await ZtunnelReadiness.WaitForAnswerAsync(NamespaceFiles.PathOf(Home), ZtunnelSettings.ReadinessPort, limit.Token);
        long empty = ResidentBytes(process.Id);
        List<double> times = [];
        string firstError = "";
        for (int index = 0; index < count; index++)
        {
            long begin = TimeProvider.System.GetTimestamp();
            using SafeFileHandle sandbox = File.OpenHandle(NamespaceFiles.PathOf(NameOf(index)));
            string error = await proxy.AskAsync(AgentMessages.Add(PodOf(index)), sandbox, cancellation) ?? "no answer";
            times.Add(TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds);
            firstError = firstError.Length == 0 ? error : firstError;
        }

        await proxy.AskAsync(AgentMessages.Snapshot, null, cancellation);
        long full = ResidentBytes(process.Id);
        int listeners = CountListeners();
        for (int index = 0; index < count; index++)
        {
            await proxy.AskAsync(AgentMessages.Delete(PodOf(index).Uid), null, cancellation);
        }

        return new PodsProbeResult(count, listeners, CountListeners(), empty, full, times, firstError);
    }

    private string NameOf(int pod) => $"{_prefix}{pod}";

    private AgentPod PodOf(int pod) => new($"uid-{pod}", $"pod-{pod}", "probe", $"account-{pod % 20}", NamespaceFiles.PathOf(NameOf(pod)));

    private static string SocketIn(DirectoryInfo directory) => Path.Combine(directory.FullName, "zds.sock");

    private Process Start(DirectoryInfo directory)
    {
        var start = new ProcessStartInfo("ip", ["netns", "exec", Home, ztunnel]);
        start.Environment["INPOD_UDS"] = SocketIn(directory);
        start.Environment["LOCAL_XDS"] = "workloads: []";
        start.Environment["XDS_ADDRESS"] = "";
        start.Environment["AMBIENT_LOCAL_ROOT"] = Path.Combine(directory.FullName, "root");
        start.Environment["RUST_LOG"] = "error";
        return Process.Start(start) ?? throw new LabException("ip could not be started.", "Install it: apt-get install iproute2");
    }

    private int CountListeners() => Enumerable.Range(0, count).Sum(index =>
    {
        using NetworkNamespace pod = NetworkNamespace.Open(NamespaceFiles.PathOf(NameOf(index)));
        return pod.Run(() => SocketTables.Sum(table =>
            File.ReadAllLines($"/proc/thread-self/net/{table}").Count(line => line.Contains(" 0A ", StringComparison.Ordinal))));
    });

    private static long ResidentBytes(int process)
    {
        const long Kibibyte = 1024;
        string line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * Kibibyte;
    }

    private static async Task BatchAsync(DirectoryInfo directory, IEnumerable<string> lines, CancellationToken cancellation)
    {
        string file = Path.Combine(directory.FullName, "batch");
        await File.WriteAllLinesAsync(file, lines, cancellation);
        await RunAsync(cancellation, "-batch", file);
    }

    private static async Task RunAsync(CancellationToken cancellation, params string[] arguments)
    {
        ProgramResult result = await Programs.RunAsync(new ProgramCommand("ip", arguments) { Timeout = TimeSpan.FromMinutes(1) }, cancellation);
        if (!result.Succeeded)
        {
            throw new LabException($"Namespaces cannot be made: {result.StandardError.Trim()}", "Run it as root.");
        }
    }
}
