using System.Globalization;
using System.Net;
using Ambient.Bench.Certificates;
using Ambient.Bench.Options;
using Ambient.Bench.Rig;

namespace Ambient.Bench.Systems;

/// <summary>
/// Two ztunnels as they ship: a policy of 100 rules, metrics and access log on. Applications enter by explicit local ports, as with every other pair.
/// </summary>
/// <param name="name">Name in the report.</param>
/// <param name="index">Number of the pair in the run; its pods get addresses of their own, because the tunnel port is fixed.</param>
/// <param name="suite">The only TLS suite both sides may use.</param>
/// <param name="program">ztunnel, as program or as .dll.</param>
/// <param name="tunnelPerConnection">True for W5: a tunnel carries one connection and is closed after it.</param>
internal abstract class AmbientPair(string name, int index, TlsSuite suite, string program, bool tunnelPerConnection) : ProxyPair(name, index)
{
    public IPAddress ClientPod { get; } = ClientPodOf(index);

    public IPAddress ServerPod { get; } = ServerPodOf(index);

    public override IPEndPoint? TlsListener => new(ServerPod, RigPorts.Hbone);

    public override bool SharesTunnels => !tunnelPerConnection;

    /// <summary>Where the client's side of a pair with this number has its pod; 0 is the address before the first.</summary>
    public static IPAddress ClientPodOf(int index) => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.201.0.{100 + index}"));

    public static IPAddress ServerPodOf(int index) => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.201.0.{10 + index}"));

    protected override async Task PrepareAsync(BenchRig rig)
    {
        await RigNetwork.AddAddressAsync(rig.Network.ClientNamespace, ClientPod);
        await RigNetwork.AddAddressAsync(rig.Network.ServerNamespace, ServerPod);
    }

    protected override ProcessPlan ClientPlan(BenchRig rig)
    {
        IEnumerable<string> forwards = RigPorts.Services.SelectMany(service =>
            (string[])["--forward", $"{Entry(service)}={new IPEndPoint(ServerPod, RigPorts.Sink(service))}"]);
        return Plan(rig, AmbientSide.Client, ClientPod, forwards);
    }

    protected override ProcessPlan ServerPlan(BenchRig rig) => Plan(rig, AmbientSide.Server, ServerPod, []);

    /// <summary>Where the process runs.</summary>
    protected abstract string NamespaceOf(BenchRig rig, AmbientSide side);

    /// <summary>Where mesh, pods and certificates come from, and where telemetry goes.</summary>
    protected abstract IReadOnlyDictionary<string, string> Surroundings(BenchRig rig, AmbientSide side);

    protected static string AccountOf(AmbientSide side) => side == AmbientSide.Client ? BenchCertificates.ClientAccount : BenchCertificates.ServerAccount;

    /// <summary>The port of the side's metrics, on the loopback of its process.</summary>
    protected int StatsPort(AmbientSide side) => AdminPort(side) + 1;

    private int AdminPort(AmbientSide side) => 22_000 + (10 * Index) + (5 * (int)side);

    private ProcessPlan Plan(BenchRig rig, AmbientSide side, IPAddress pod, IEnumerable<string> forwards)
    {
        string[] start = program.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", program] : [program];
        int port = AdminPort(side);
        string[] arguments =
        [
            .. start, "proxy",
            "--outbound-address", $"{pod}:15001", "--inbound-address", $"{pod}:{RigPorts.Hbone}", "--inbound-plaintext-address", $"{pod}:15006",
            "--admin-address", $"localhost:{port}", "--stats-address", $"localhost:{StatsPort(side)}", "--readiness-address", $"localhost:{port + 2}",
            .. forwards,
        ];
        Dictionary<string, string> environment = new(Surroundings(rig, side))
        {
            ["AMBIENT_CIPHER_SUITES"] = suite.Name,
            ["ZTUNNEL_WORKER_THREADS"] = "1",

            // There is no redirection here that would bring the application's answers back from a foreign address; the other pairs spoof none either.
            ["ENABLE_ORIG_SRC"] = "false",
            ["RUST_LOG"] = "info",
        };
        if (tunnelPerConnection)
        {
            environment["POOL_MAX_STREAMS_PER_CONNECTION"] = "1";
            environment["POOL_UNUSED_RELEASE_TIMEOUT"] = "1s";
        }

        return new ProcessPlan(FileName(AccountOf(side)), NamespaceOf(rig, side), ProcessRole.Proxy, arguments, environment);
    }
}
