using System.Net;
using System.Net.Sockets;
using Ambient.InProcessTests.Ztunnel;
using Ambient.Testing.Certs;
using Ambient.Testing.Namespaces;
using Ambient.Testing.Zds;
using Ambient.Transport.Namespaces;

namespace Ambient.InProcessTests.Zds;

/// <summary>A ztunnel in shared mode, in this process, and the node agent that a test plays for it; pods are namespaces of the test.</summary>
internal sealed class ZdsRig : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static int s_count;

    private readonly TemporaryDirectory _directory = new();
    private readonly List<TestNamespace> _namespaces = [];

    private ZdsRig(IPAddress address)
    {
        Agent = new ScriptedAgent(Path.Combine(_directory.Path, "zds.sock"));
        Address = address;
    }

    public ScriptedAgent Agent { get; }

    public IPAddress Address { get; }

    public TestNode Node { get; private set; } = null!;

    /// <summary>A ztunnel that has connected and greeted.</summary>
    public static async Task<ZdsRig> StartAsync(params (string, string)[] more)
    {
        ZdsRig rig = new(IPAddress.Parse($"127.83.{Interlocked.Increment(ref s_count)}.1"));
        rig.Node = await TestNode.StartAsync(rig.Address,
        [
            ("INPOD_UDS", Path.Combine(rig._directory.Path, "zds.sock")),
            ("LOCAL_XDS", "workloads: []"),
            ("XDS_ADDRESS", ""),
            ("AMBIENT_LOCAL_ROOT", Path.Combine(rig._directory.Path, "root")),
            ("AMBIENT_ADMIN_ADDRESS", $"{rig.Address}:15000"),
            ("AMBIENT_STATS_ADDRESS", $"{rig.Address}:15020"),
            ("AMBIENT_READINESS_ADDRESS", $"{rig.Address}:15021"),
            .. more,
        ]);
        await rig.Agent.AcceptAsync();
        return rig;
    }

    public async Task<TestNamespace> NewPodAsync()
    {
        TestNamespace pod = await TestNamespace.CreateAsync();
        _namespaces.Add(pod);
        return pod;
    }

    /// <summary>Somebody else on a port of the proxy in the pod.</summary>
    public static TcpListener Occupy(TestNamespace pod, int port)
    {
        using NetworkNamespace inside = NetworkNamespace.Open(pod.Path);
        return inside.Run(() =>
        {
            var occupant = new TcpListener(IPAddress.IPv6Any, port);
            occupant.Start();
            return occupant;
        });
    }

    /// <summary>Ports with a listener for IPv6 in the pod, sorted; those for both families are among them.</summary>
    public static int[] PortsIn(TestNamespace pod)
    {
        using NetworkNamespace inside = NetworkNamespace.Open(pod.Path);
        string[] lines = inside.Run(() => File.ReadAllLines("/proc/thread-self/net/tcp6"));
        return [.. lines.Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[3] == "0A")
            .Select(fields => Convert.ToInt32(fields[1][^4..], 16)).Order()];
    }

    public async Task<(double Active, double Pending, double Started, double Stopped)> CountsAsync() => (
        await Node.MetricAsync("workload_manager_active_proxy_count"),
        await Node.MetricAsync("workload_manager_pending_proxy_count"),
        await Node.MetricAsync("workload_manager_proxies_started_total"),
        await Node.MetricAsync("workload_manager_proxies_stopped_total"));

    public async Task<string> ReadinessAsync()
    {
        using HttpClient http = new();
        using HttpResponseMessage answer = await http.GetAsync(new Uri($"http://{Address}:15021/healthz/ready"));
        return (await answer.Content.ReadAsStringAsync()).Trim();
    }

    public async Task WaitUntilAsync(Func<Task<bool>> condition, string what)
    {
        long begin = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(begin) > Patience)
            {
                throw new TimeoutException($"Not within {Patience}: {what}\n{Node.Log.Text}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        Agent.Dispose();
        foreach (TestNamespace pod in _namespaces)
        {
            await pod.DisposeAsync();
        }

        _directory.Dispose();
    }
}
