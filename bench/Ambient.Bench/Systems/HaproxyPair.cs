using System.Net;
using System.Text;
using Ambient.Bench.Certificates;
using Ambient.Bench.Options;
using Ambient.Bench.Rig;

namespace Ambient.Bench.Systems;

/// <summary>haproxy in TCP mode on both nodes: one connection on the link for each of the application's, in mutual TLS or in the clear.</summary>
/// <param name="name">Name in the report.</param>
/// <param name="index">Number of the pair in the run.</param>
/// <param name="suite">The TLS suite; null for the plain relay.</param>
/// <param name="certificates">Root and leaves.</param>
internal sealed class HaproxyPair(string name, int index, TlsSuite? suite, BenchCertificates certificates) : ProxyPair(name, index)
{
    public override IPEndPoint? TlsListener => suite is null ? null : RigPorts.Tunnel(Index, RigService.Echo);

    public override bool SharesTunnels => false;

    protected override ProcessPlan ClientPlan(BenchRig rig)
    {
        string tls = suite is null ? "" :
            $" ssl verify required verifyhost {BenchCertificates.ServerName} ca-file {certificates.RootFile} crt {certificates.ClientBundleFile}"
            + $" force-tlsv13 ciphersuites {suite.Name} no-ssl-reuse no-tls-tickets";
        StringBuilder text = Preamble();
        foreach (RigService service in RigPorts.Services)
        {
            text.Append($"listen {service}\n  bind {Entry(service)}\n  server next {RigPorts.Tunnel(Index, service)}{tls}\n");
        }

        return Plan(rig, rig.Network.ClientNamespace, "client", text.ToString());
    }

    protected override ProcessPlan ServerPlan(BenchRig rig)
    {
        string tls = suite is null ? "" :
            $" ssl crt {certificates.ServerBundleFile} ca-file {certificates.RootFile} verify required"
            + $" ssl-min-ver TLSv1.3 ciphersuites {suite.Name} curves X25519 no-tls-tickets";
        string peerCheck = suite is null ? "" : $"  tcp-request session reject unless {{ ssl_c_s_dn(CN) {BenchCertificates.ClientName} }}\n";
        StringBuilder text = Preamble();
        foreach (RigService service in RigPorts.Services)
        {
            text.Append($"listen {service}\n  bind {RigPorts.Tunnel(Index, service)}{tls}\n{peerCheck}");
            text.Append($"  server next {new IPEndPoint(RigNetwork.ServerAddress, RigPorts.Sink(service))}\n");
        }

        return Plan(rig, rig.Network.ServerNamespace, "server", text.ToString());
    }

    private static StringBuilder Preamble()
    {
        // Two descriptors a connection and some for itself: haproxy refuses to start with more connections than it has descriptors for.
        int connections = (DescriptorLimit.Hard - 400) / 2;
        return new StringBuilder()
            .Append($"global\n  nbthread 1\n  maxconn {connections}\n  tune.ssl.cachesize 0\n")
            .Append($"defaults\n  mode tcp\n  maxconn {connections}\n  timeout connect 5s\n  timeout client 1h\n  timeout server 1h\n");
    }

    private ProcessPlan Plan(BenchRig rig, string networkNamespace, string side, string text)
    {
        string file = rig.WriteFile($"{FileName(side)}.cfg", text);
        return new ProcessPlan(FileName(side), networkNamespace, ProcessRole.Proxy, ["haproxy", "-db", "-q", "-f", file]);
    }
}
