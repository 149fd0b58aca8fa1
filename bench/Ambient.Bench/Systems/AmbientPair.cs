using System.Globalization;
using System.Net;
using Ambient.Bench.Certificates;
using Ambient.Bench.Options;
using Ambient.Bench.Rig;

namespace Ambient.Bench.Systems;

/// <summary>
/// Two ztunnels in dedicated mode, as they ship: a policy of 100 rules, metrics and access log on. Applications enter by explicit local ports.
/// </summary>
/// <param name="name">Name in the report.</param>
/// <param name="index">Number of the pair in the run; its pods get addresses of their own, because the tunnel port is fixed.</param>
/// <param name="suite">The only TLS suite both sides may use.</param>
/// <param name="certificates">The root that both sides issue their leaves from.</param>
/// <param name="program">ztunnel, as program or as .dll.</param>
/// <param name="tunnelPerConnection">True for W5: a tunnel carries one connection and is closed after it.</param>
internal sealed class AmbientPair(
    string name, int index, TlsSuite suite, BenchCertificates certificates, string program, bool tunnelPerConnection = false)
    : ProxyPair(name, index)
{
    private readonly IPAddress _clientPod = IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.201.0.{100 + index}"));
    private readonly IPAddress _serverPod = IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.201.0.{10 + index}"));

    public override IPEndPoint? TlsListener => new(_serverPod, RigPorts.Hbone);

    public override bool SharesTunnels => !tunnelPerConnection;

    protected override async Task PrepareAsync(BenchRig rig)
    {
        await RigNetwork.AddAddressAsync(rig.Network.ClientNamespace, _clientPod);
        await RigNetwork.AddAddressAsync(rig.Network.ServerNamespace, _serverPod);
    }

    protected override ProcessPlan ClientPlan(BenchRig rig)
    {
        IEnumerable<string> forwards = RigPorts.Services.SelectMany(service =>
            (string[])["--forward", $"{Entry(service)}={new IPEndPoint(_serverPod, RigPorts.Sink(service))}"]);
        return Plan(rig, rig.Network.ClientNamespace, "client", BenchCertificates.ClientAccount, _clientPod, forwards);
    }

    protected override ProcessPlan ServerPlan(BenchRig rig) =>
        Plan(rig, rig.Network.ServerNamespace, "server", BenchCertificates.ServerAccount, _serverPod, []);

    private ProcessPlan Plan(BenchRig rig, string networkNamespace, string side, string account, IPAddress pod, IEnumerable<string> forwards)
    {
        string mesh = rig.WriteFile($"{FileName(side)}-mesh.yaml", MeshFile.Write(_clientPod, _serverPod));
        int port = 22_000 + (10 * Index);
        string[] start = program.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", program] : [program];
        string[] arguments =
        [
            .. start, "proxy",
            "--outbound-address", $"{pod}:15001", "--inbound-address", $"{pod}:{RigPorts.Hbone}", "--inbound-plaintext-address", $"{pod}:15006",
            "--admin-address", $"localhost:{port}", "--stats-address", $"localhost:{port + 1}", "--readiness-address", $"localhost:{port + 2}",
            .. forwards,
        ];
        Dictionary<string, string> environment = new()
        {
            ["PROXY_MODE"] = "dedicated",
            ["PROXY_WORKLOAD_INFO"] = $"{BenchCertificates.Namespace}/{account}/{account}",
            ["LOCAL_XDS_PATH"] = mesh,
            ["XDS_ADDRESS"] = "",
            ["NODE_NAME"] = side,
            ["AMBIENT_LOCAL_ROOT"] = certificates.Folder,
            ["AMBIENT_CIPHER_SUITES"] = suite.Name,
            ["ZTUNNEL_WORKER_THREADS"] = "1",

            // There is no redirection here that would bring the application's answers back from a foreign address; the other pairs spoof none either.
            ["ENABLE_ORIG_SRC"] = "false",
            ["ISTIO_META_DNS_CAPTURE"] = "false",
            ["RUST_LOG"] = "info",
        };
        if (tunnelPerConnection)
        {
            environment["POOL_MAX_STREAMS_PER_CONNECTION"] = "1";
            environment["POOL_UNUSED_RELEASE_TIMEOUT"] = "1s";
        }

        return new ProcessPlan(FileName(side), networkNamespace, ProcessRole.Proxy, arguments, environment);
    }
}
