using Ambient.Lab.Workloads;
using Ambient.Mesh.Workloads;

namespace Ambient.Lab.Specs;

/// <summary>
/// The default lab with a waypoint in front of the pod and the service web: an enrolled pod whose application, haproxy, is told by its ztunnel
/// who calls whom, and connects there through that ztunnel (node-proxy 1.8).
/// </summary>
public static class WaypointLab
{
    public const string Waypoint = "waypoint";

    private const int ProxyPort = 15088;

    public static LabSpec Build(string name) => WithWaypoint(DefaultLab.Build(name), new PodSpec(Waypoint, DefaultLab.Namespace, Waypoint)
    {
        ApplicationTunnel = new ApplicationTunnel(ApplicationTunnelProtocol.Proxy, ProxyPort),
        Workload = HaproxyWorkload.ForWaypoint(ProxyPort),
    }) with
    {
        Scenario = LabScenario.Waypoint,
    };

    /// <summary>A lab with <paramref name="waypoint"/> on its second node, in front of the pod and the service web.</summary>
    public static LabSpec WithWaypoint(LabSpec lab, PodSpec waypoint)
    {
        LabSpec changed = lab.WithPods(pod => pod.Name == DefaultLab.Web ? pod with { Waypoint = waypoint.Name } : pod);
        return changed.WithPod(DefaultLab.NodeB, waypoint) with
        {
            Services = [.. lab.Services.Select(service => service.Name == DefaultLab.Web ? service with { Waypoint = waypoint.Name } : service)],
        };
    }
}
