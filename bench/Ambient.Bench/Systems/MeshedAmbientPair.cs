using System.Globalization;
using System.Net;
using Ambient.Bench.Certificates;
using Ambient.Bench.Options;
using Ambient.Bench.Rig;
using Ambient.Lab.Agents;

namespace Ambient.Bench.Systems;

/// <summary>
/// Two ztunnels as on two nodes of a cluster: shared mode, pods by the node agent's protocol, listeners inside the pods' namespaces, the mesh and
/// the certificates from a control plane and its authority, DNS proxy on, metrics and a span for every connection exported.
/// </summary>
/// <param name="clientPlane">What surrounds the client's side.</param>
/// <param name="serverPlane">What surrounds the server's side; as a rule the same.</param>
internal sealed class MeshedAmbientPair(
    string name, int index, TlsSuite suite, BenchCertificates certificates, string program, bool tunnelPerConnection, MeshPlane clientPlane, MeshPlane serverPlane)
    : AmbientPair(name, index, suite, program, tunnelPerConnection)
{
    /// <summary>Often enough that every visit has one; the default is a minute.</summary>
    private static readonly TimeSpan MetricInterval = TimeSpan.FromSeconds(1);

    private readonly List<PodEnrolment> _enrolments = [];

    /// <summary>The client side's metrics, as it prints them.</summary>
    public async Task<string> ReadClientMetricsAsync(BenchRig rig)
    {
        using Ambient.Lab.Network.NamespaceHttp http = new(RigNetwork.PathOf(rig.Network.NodeNamespace));
        return await http.GetAsync(StatsPort(AmbientSide.Client), "/metrics", CancellationToken.None) is (HttpStatusCode.OK, string text)
            ? text
            : throw new InvalidOperationException($"{Name} does not show its metrics");
    }

    public override async Task StopAsync(BenchRig rig)
    {
        await base.StopAsync(rig);
        foreach (PodEnrolment enrolment in _enrolments)
        {
            await enrolment.DisposeAsync();
        }

        _enrolments.Clear();
    }

    protected override string NamespaceOf(BenchRig rig, AmbientSide side) => rig.Network.NodeNamespace;

    protected override async Task PrepareAsync(BenchRig rig)
    {
        await base.PrepareAsync(rig);
        Enrol(AmbientSide.Client, rig.Network.ClientNamespace);
        Enrol(AmbientSide.Server, rig.Network.ServerNamespace);

        void Enrol(AmbientSide side, string podNamespace) => _enrolments.Add(PodEnrolment.Begin(
            SocketOf(rig, side),
            Path.Combine(rig.Folder, $"{FileName(AccountOf(side))}-pods.yaml"),
            new AgentPod($"{Name}-{PodOf(side)}", PodOf(side), BenchCertificates.Namespace, AccountOf(side), RigNetwork.PathOf(podNamespace))));
    }

    protected override async Task SettleAsync(BenchRig rig)
    {
        foreach (PodEnrolment enrolment in _enrolments)
        {
            await enrolment.WaitAsync(rig.EnsureAlive);
        }
    }

    protected override IReadOnlyDictionary<string, string> Surroundings(BenchRig rig, AmbientSide side)
    {
        MeshPlane plane = side == AmbientSide.Client ? clientPlane : serverPlane;
        return new Dictionary<string, string>
        {
            ["PROXY_MODE"] = "shared",
            ["INPOD_UDS"] = SocketOf(rig, side),
            ["NODE_NAME"] = PodOf(side),
            ["XDS_ADDRESS"] = $"{plane.Address}",
            ["XDS_ROOT_CA"] = certificates.RootFile,
            ["ALT_XDS_HOSTNAME"] = BenchCertificates.ServerName,
            ["CA_ADDRESS"] = $"{plane.Address}",
            ["CA_ROOT_CA"] = certificates.RootFile,
            ["ALT_CA_HOSTNAME"] = BenchCertificates.ServerName,
            ["AUTH_TOKEN"] = "bench",
            ["ISTIO_META_DNS_CAPTURE"] = "true",
            ["ISTIO_META_DNS_PROXY_ADDR"] = $"{(side == AmbientSide.Client ? ClientPod : ServerPod)}:15053",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"{plane.Collector}",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = MetricInterval.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The pod's name in the mesh, and its node's.</summary>
    private string PodOf(AmbientSide side) => string.Create(CultureInfo.InvariantCulture, $"{AccountOf(side)}-{Index}");

    private string SocketOf(BenchRig rig, AmbientSide side) => Path.Combine(rig.Folder, $"{PodOf(side)}.sock");
}
