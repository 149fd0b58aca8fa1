using System.Globalization;
using System.Net;
using Ambient.Bench.Rig;

namespace Ambient.Bench.Systems;

/// <summary>
/// The programs at the far end. nginx answers HTTP from memory with 1 KB and no log: on one core it outruns every pair here, as the direct rows show.
/// </summary>
internal static class SinkSet
{
    private const int BodyBytes = 1024;

    public static void Start(BenchRig rig, string loadProgram)
    {
        string networkNamespace = rig.Network.ServerNamespace;
        rig.Start(new ProcessPlan(
            "sink-iperf3", networkNamespace, ProcessRole.Load,
            ["iperf3", "-s", "-p", RigPorts.Sink(RigService.Bulk).ToString(CultureInfo.InvariantCulture)]));
        rig.Start(new ProcessPlan("sink-nginx", networkNamespace, ProcessRole.Load, ["nginx", "-e", "stderr", "-c", rig.WriteFile("sink-nginx.conf", NginxText(rig))]));
        rig.Start(new ProcessPlan(
            "sink-echo", networkNamespace, ProcessRole.Load,
            [
                loadProgram, "serve",
                new IPEndPoint(IPAddress.Any, RigPorts.Sink(RigService.Echo)).ToString(),
                new IPEndPoint(IPAddress.Any, RigPorts.Sink(RigService.Source)).ToString(),
            ]));
    }

    private static string NginxText(BenchRig rig) => $$"""
        worker_processes 1;
        daemon off;
        pid {{rig.Folder}}/sink-nginx.pid;
        error_log stderr error;
        events { worker_connections {{DescriptorLimit.Hard - 200}}; }
        http {
          access_log off;
          keepalive_requests 1000000000;
          keepalive_timeout 1h;
          server {
            listen {{RigPorts.Sink(RigService.Http)}};
            location / { return 200 "{{new string('x', BodyBytes)}}"; }
          }
        }
        """;
}
