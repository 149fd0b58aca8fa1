using Ambient.Lab.Workloads;
using Ambient.Mesh.Workloads;

namespace Ambient.Lab.Specs;

/// <summary>
/// The default lab with its nodes on two networks: the callers' pods know the servers' network by its gateway only, which is a ztunnel of its own
/// before haproxy, and reach services there through a tunnel in a tunnel (node-proxy 1.7).
/// </summary>
public static class TwoNetworksLab
{
    public const string Near = "near";
    public const string Far = "far";
    public const string Gateway = "gateway";

    private const int ProxyPort = 15088;

    public static LabSpec Build(string name)
    {
        LabSpec lab = DefaultLab.Build(name).WithPod(DefaultLab.NodeB, new PodSpec(Gateway, DefaultLab.Namespace, Gateway)
        {
            Enrolled = false,
            IsNetworkGateway = true,
            ApplicationTunnel = new ApplicationTunnel(ApplicationTunnelProtocol.Proxy, ProxyPort),
            Workload = HaproxyWorkload.ForNetworkGateway(ProxyPort, Far),
        });
        return lab with
        {
            Scenario = LabScenario.TwoNetworks,
            Nodes = [.. lab.Nodes.Select(node => node with { Network = node.Name == DefaultLab.NodeA ? Near : Far })],
        };
    }
}
