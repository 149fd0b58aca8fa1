using System.Net;
using System.Text;
using Ambient.Bench.Certificates;
using Ambient.Bench.Options;
using Ambient.Bench.Rig;

namespace Ambient.Bench.Systems;

/// <summary>nginx's stream module on both nodes, in mutual TLS: one TLS connection for each of the application's.</summary>
internal sealed class NginxPair(string name, int index, TlsSuite suite, BenchCertificates certificates) : ProxyPair(name, index)
{
    public override IPEndPoint? TlsListener => RigPorts.Tunnel(Index, RigService.Echo);

    public override bool SharesTunnels => false;

    protected override ProcessPlan ClientPlan(BenchRig rig)
    {
        string tls = $"""
              proxy_ssl on;
              proxy_ssl_protocols TLSv1.3;
              proxy_ssl_conf_command Ciphersuites {suite.Name};
              proxy_ssl_conf_command Groups X25519;
              proxy_ssl_certificate {certificates.ClientCertificateFile};
              proxy_ssl_certificate_key {certificates.ClientKeyFile};
              proxy_ssl_trusted_certificate {certificates.RootFile};
              proxy_ssl_verify on;
              proxy_ssl_name {BenchCertificates.ServerName};
              proxy_ssl_session_reuse off;

            """;
        return Plan(rig, rig.Network.ClientNamespace, "client", tls, service => ($"{Entry(service)}", $"{RigPorts.Tunnel(Index, service)}"));
    }

    protected override ProcessPlan ServerPlan(BenchRig rig)
    {
        string tls = $"""
              ssl_protocols TLSv1.3;
              ssl_conf_command Ciphersuites {suite.Name};
              ssl_ecdh_curve X25519;
              ssl_certificate {certificates.ServerCertificateFile};
              ssl_certificate_key {certificates.ServerKeyFile};
              ssl_client_certificate {certificates.RootFile};
              ssl_verify_client on;
              ssl_session_tickets off;
              ssl_session_cache off;

            """;
        return Plan(
            rig, rig.Network.ServerNamespace, "server", tls,
            service => ($"{RigPorts.Tunnel(Index, service)} ssl", $"{new IPEndPoint(RigNetwork.ServerAddress, RigPorts.Sink(service))}"));
    }

    private ProcessPlan Plan(BenchRig rig, string networkNamespace, string side, string tls, Func<RigService, (string Listen, string Next)> route)
    {
        StringBuilder text = new();
        text.Append("load_module /usr/lib/nginx/modules/ngx_stream_module.so;\n")
            .Append($"worker_processes 1;\ndaemon off;\npid {rig.Folder}/{FileName(side)}.pid;\nerror_log stderr error;\n")
            .Append($"events {{ worker_connections {DescriptorLimit.Hard - 200}; }}\n")
            .Append($"stream {{\n  proxy_timeout 1h;\n{tls}");
        foreach ((string listen, string next) in RigPorts.Services.Select(route))
        {
            text.Append($"  server {{ listen {listen}; proxy_pass {next}; }}\n");
        }

        string file = rig.WriteFile($"{FileName(side)}.conf", text.Append("}\n").ToString());
        return new ProcessPlan(FileName(side), networkNamespace, ProcessRole.Proxy, ["nginx", "-e", "stderr", "-c", file]);
    }
}
