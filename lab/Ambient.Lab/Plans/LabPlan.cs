using System.Net;
using Ambient.Lab.Specs;

namespace Ambient.Lab.Plans;

/// <summary>Every name and address of a lab, worked out from its spec and subnet before anything is made.</summary>
public sealed record LabPlan(LabSpec Spec, LabSubnet Subnet, IReadOnlyList<NodePlan> Nodes, IReadOnlyList<PodPlan> Pods, IReadOnlyList<LinkPlan> Links)
{
    /// <summary>Every namespace of every lab begins with this; the lab's name and a dot follow.</summary>
    public const string NamespacePrefix = "ambient.";

    public const int MaxLabNameLength = 30;

    private const int MaxPodNameLength = 40;

    /// <summary>An interface is named "to-" and the node at its far end, in 15 characters.</summary>
    private const int MaxNodeNameLength = 12;

    /// <summary>Null where the nodes read their mesh from files.</summary>
    public ControlPlanePlan? ControlPlane { get; init; }

    public IEnumerable<string> Namespaces => Nodes.Select(node => node.Namespace)
        .Concat(Pods.Select(pod => pod.Namespace))
        .Concat(ControlPlane is { } control ? [control.Namespace] : []);

    /// <exception cref="LabException">The spec breaks a rule; the message says which.</exception>
    public static LabPlan Build(LabSpec spec, LabSubnet subnet)
    {
        if (FindFault(spec) is { } fault)
        {
            throw new LabException(fault, "Change the lab's description.");
        }

        List<NodePlan> nodes = [.. spec.Nodes.Select((node, index) => PlanNode(spec.Name, node, index, subnet))];
        List<PodPlan> pods = [.. spec.Nodes.SelectMany((node, index) => node.Pods.Select((pod, place) => PlanPod(spec.Name, nodes[index], pod, place, subnet)))];
        return new LabPlan(spec, subnet, nodes, pods, PlanLinks(nodes, subnet))
        {
            ControlPlane = spec.HasControlPlane ? new ControlPlanePlan($"{PrefixOf(spec.Name)}{ControlPlanePlan.Name}", subnet.ControlPlaneV4) : null,
        };
    }

    public static string PrefixOf(string labName) => $"{NamespacePrefix}{labName}.";

    public PodPlan? FindPod(string name) => Pods.FirstOrDefault(pod => pod.Spec.Name == name || $"{pod.Spec.Namespace}/{pod.Spec.Name}" == name);

    public PodPlan Pod(string name) => FindPod(name) ?? throw new ArgumentException($"there is no pod {name}", nameof(name));

    public NodePlan Node(string name) => Nodes.First(node => node.Name == name);

    /// <summary>The way into a network; null for one without.</summary>
    public PodPlan? GatewayOf(string network) => Pods.FirstOrDefault(pod => pod.Spec.IsNetworkGateway && pod.Node.Network == network);

    public IPAddress ServiceAddress(ServiceSpec service, bool ipv6)
    {
        int place = Enumerable.Range(0, Spec.Services.Count).First(index => Spec.Services[index].HostName == service.HostName);
        return ipv6 ? Subnet.ServiceV6(place) : Subnet.ServiceV4(place);
    }

    private static string? FindFault(LabSpec spec)
    {
        IEnumerable<string?> faults = [LabName.FindFault("lab", spec.Name, MaxLabNameLength)];
        faults = faults.Concat(spec.Nodes.Select(node => LabName.FindFault("node", node.Name, MaxNodeNameLength)))
            .Concat(spec.Pods.Select(pod => LabName.FindFault("pod", pod.Name, MaxPodNameLength)))
            .Append(spec.Nodes.Count is > 0 and <= LabSubnet.MaxNodes ? null : $"a lab has 1 to {LabSubnet.MaxNodes} nodes")
            .Append(spec.Nodes.All(node => node.Pods.Count <= LabSubnet.MaxPodsPerNode) ? null : $"a node has at most {LabSubnet.MaxPodsPerNode} pods")
            .Append(spec.Services.Count <= LabSubnet.MaxServices ? null : $"a lab has at most {LabSubnet.MaxServices} services")
            .Append(FindDuplicate("node", spec.Nodes.Select(node => node.Name)))
            .Append(FindDuplicate("pod", spec.Pods.Select(pod => pod.Name)))
            .Append(FindDuplicate("service", spec.Services.Select(service => service.HostName)))
            .Append(FindDuplicate("policy", spec.Policies.Select(policy => policy.Key)))
            .Concat(spec.Networks.Where(network => network.Length > 0).Select(network => LabName.FindFault("network", network, MaxNodeNameLength)))
            .Concat(spec.Pods.Select(pod => pod.Waypoint).Concat(spec.Services.Select(service => service.Waypoint)).Select(waypoint => FindWaypointFault(spec, waypoint)))
            .Append(spec.Pods.FirstOrDefault(pod => pod is { IsNetworkGateway: true, Enrolled: true }) is { } enrolled ? $"the network gateway '{enrolled.Name}' is enrolled" : null);
        return faults.FirstOrDefault(fault => fault is not null);
    }

    private static string? FindWaypointFault(LabSpec spec, string? waypoint) =>
        waypoint is null || spec.Pods.Any(pod => pod.Name == waypoint) ? null : $"there is no pod '{waypoint}' to be a waypoint";

    private static string? FindDuplicate(string kind, IEnumerable<string> names) =>
        names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? $"two things of kind {kind} are called '{twice.Key}'"
            : null;

    private static NodePlan PlanNode(string lab, NodeSpec node, int index, LabSubnet subnet) =>
        new(node.Name, $"{PrefixOf(lab)}node.{node.Name}", subnet.GatewayV4(index), subnet.GatewayV6(index), index)
        {
            Network = node.Network,
        };

    private static PodPlan PlanPod(string lab, NodePlan node, PodSpec pod, int place, LabSubnet subnet) =>
        new(pod, node, $"{PrefixOf(lab)}pod.{pod.Name}", $"pod{place}", subnet.PodV4(node.Index, place), subnet.PodV6(node.Index, place));

    private static List<LinkPlan> PlanLinks(List<NodePlan> nodes, LabSubnet subnet)
    {
        var links = new List<LinkPlan>();
        for (int left = 0; left < nodes.Count; left++)
        {
            for (int right = left + 1; right < nodes.Count; right++)
            {
                int number = links.Count;
                links.Add(new LinkPlan(
                    nodes[left], nodes[right], subnet.LinkV4(number, 0), subnet.LinkV4(number, 1), subnet.LinkV6(number, 0), subnet.LinkV6(number, 1)));
            }
        }

        return links;
    }
}
