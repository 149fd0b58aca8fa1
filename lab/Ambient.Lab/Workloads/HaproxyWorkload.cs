using System.Text;
using Ambient.Lab.Plans;
using Ambient.Lab.Specs;

namespace Ambient.Lab.Workloads;

/// <summary>
/// haproxy behind a ztunnel that tells it by a PROXY header who calls whom (node-proxy 1.8). It logs a line for every connection:
/// <c>relayed CALLER to DESTINATION</c>.
/// </summary>
public sealed class HaproxyWorkload : IWorkload
{
    private readonly Func<LabPlan, string> _backends;

    private HaproxyWorkload(int port, Func<LabPlan, string> backends)
    {
        Port = port;
        _backends = backends;
    }

    public string Program => "haproxy";

    /// <summary>On loopback, where the ztunnel of the pod connects to.</summary>
    public int? Port { get; }

    /// <summary>
    /// The application of a waypoint: connects to the pod that the caller wanted, or to one of the service. It chooses that itself, as every
    /// waypoint does: the service's address would lead back to the waypoint.
    /// </summary>
    public static HaproxyWorkload ForWaypoint(int port) => new(port, plan =>
        $"""
            default_backend origin
        {RenderServices(plan, _ => true, service => service.TargetPort)}
        # The address and port zero stand for those of the PROXY header.
        backend origin
            server origin 0.0.0.0:0

        """);

    /// <summary>
    /// The application of a network gateway: what is meant for a service goes on, unopened, to port 15008 of one of its pods on the network.
    /// </summary>
    public static HaproxyWorkload ForNetworkGateway(int port, string network) =>
        new(port, plan => RenderServices(plan, pod => pod.Node.Network == network, _ => LabSpec.HbonePort));

    public IReadOnlyList<string> Prepare(string directory, LabPlan plan)
    {
        string configuration = Path.Combine(directory, "haproxy.cfg");
        File.WriteAllText(configuration, RenderConfiguration(plan));
        return [Program, "-db", "-f", configuration];
    }

    internal string RenderConfiguration(LabPlan plan) =>
        $"""
        global
            log stdout format raw local0
            nbthread 1

        defaults
            mode tcp
            log global
            timeout connect 5s
            timeout client 1h
            timeout server 1h

        frontend tunnel
            bind 127.0.0.1:{Port} accept-proxy
            bind ::1:{Port} accept-proxy
            log-format "relayed %ci to %[dst]:%[dst_port]"
        {_backends(plan)}
        """;

    /// <summary>For each port of each service, the choice of a backend by the address that was asked for, and then the backends.</summary>
    private static string RenderServices(LabPlan plan, Func<PodPlan, bool> isServed, Func<ServicePort, int> portOf)
    {
        var choices = new StringBuilder();
        var backends = new StringBuilder();
        foreach (ServiceSpec service in plan.Spec.Services)
        {
            foreach (ServicePort port in service.Ports)
            {
                string name = $"{service.HostName}:{port.Port}";
                choices.Append($"    use_backend {name} if {{ dst {plan.ServiceAddress(service, ipv6: false)} {plan.ServiceAddress(service, ipv6: true)} }} {{ dst_port {port.Port} }}\n");
                backends.Append($"\nbackend {name}\n    balance roundrobin\n");
                foreach (PodPlan pod in plan.Pods.Where(pod => service.Selects(pod.Spec) && isServed(pod)))
                {
                    backends.Append($"    server {pod.Spec.Name} {pod.V4}:{portOf(port)}\n");
                }
            }
        }

        return $"{choices}{backends}";
    }
}
