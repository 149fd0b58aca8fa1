using System.Globalization;
using System.Net;
using System.Text;
using Ambient.Lab.Plans;

namespace Ambient.Lab.Network;

/// <summary>
/// The wiring of a lab as input for <c>ip -batch</c>. Both ends of every veth pair are made inside the lab's namespaces,
/// so nothing ever appears in the machine's own, and all of it goes when the namespaces go.
/// </summary>
public static class NetworkScript
{
    private const string Bridge = "br0";
    private const string PodInterface = "eth0";

    /// <summary>Routes to nodes of other networks. Only what a network gateway sends takes them, and of the others only gateways are known.</summary>
    private const int GatewayTable = 200;

    /// <summary>Settings of every namespace, before any interface is made in it.</summary>
    public static IReadOnlyList<string> NamespaceSettings { get; } =
    [
        $"net.ipv4.tcp_congestion_control={CongestionControl.Choose()}",
        // Replies to the proxy come from addresses that no interface has, over loopback.
        "net.ipv4.conf.all.rp_filter=0",
        "net.ipv4.conf.default.rp_filter=0",
        // Duplicate address detection keeps an address unusable for a second; ours are unique by construction.
        "net.ipv6.conf.all.accept_dad=0",
        "net.ipv6.conf.default.accept_dad=0",
        "net.ipv6.conf.default.dad_transmits=0",
        "net.ipv6.conf.default.accept_ra=0",
        "net.ipv4.ip_unprivileged_port_start=0",
        "net.ipv4.ip_local_port_range=10000 60999",
        "net.core.somaxconn=8192",
        "net.ipv4.tcp_max_syn_backlog=8192",
    ];

    public static IReadOnlyList<string> NodeSettings { get; } = ["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"];

    public static string AddNamespaces(IEnumerable<string> names) => string.Concat(names.Select(name => $"netns add {name}\n"));

    public static string DeleteNamespaces(IEnumerable<string> names) => string.Concat(names.Select(name => $"netns delete {name}\n"));

    /// <summary>Bridge and pod interfaces; runs inside the node's namespace.</summary>
    public static string ForNode(LabPlan plan, NodePlan node)
    {
        var text = new StringBuilder();
        text.Append("link set lo up\n");
        AppendBridge(text, node.GatewayV4);
        AppendAddress(text, Bridge, node.GatewayV4, LabSubnet.PrefixLengthV4, LabSubnet.PrefixLengthV6);
        AppendAddress(text, Bridge, node.GatewayV6, LabSubnet.PrefixLengthV4, LabSubnet.PrefixLengthV6);
        text.Append($"link set {Bridge} up\n");
        if (plan.ControlPlane is not null)
        {
            AppendAddress(text, ControlPlanePlan.NodeInterface, plan.Subnet.ControlPlaneNodeV4(node.Index), LabSubnet.PrefixLengthV4, LabSubnet.PrefixLengthV6);
            text.Append($"link set {ControlPlanePlan.NodeInterface} up\n");
        }

        return text.Append(AddPods(plan.Pods.Where(pod => pod.Node == node))).ToString();
    }

    /// <summary>The node's ends of the wires to pods of it, and with them the others; runs inside the node's namespace.</summary>
    public static string AddPods(IEnumerable<PodPlan> pods) => string.Concat(pods.Select(pod =>
        $"link add {pod.NodeInterface} type veth peer name {PodInterface} netns {pod.Namespace}\nlink set {pod.NodeInterface} master {Bridge} up\n"));

    /// <summary>The control plane's address and its wires to all nodes, with both ends of each; runs inside its namespace, before those of nodes.</summary>
    public static string ForControlPlane(LabPlan plan, ControlPlanePlan control)
    {
        var text = new StringBuilder();
        text.Append("link set lo up\n");
        AppendBridge(text, control.Address);
        AppendAddress(text, Bridge, control.Address, LabSubnet.PrefixLengthV4, LabSubnet.PrefixLengthV6);
        text.Append($"link set {Bridge} up\n");
        foreach (NodePlan node in plan.Nodes)
        {
            text.Append($"link add {node.InterfaceToHere} type veth peer name {ControlPlanePlan.NodeInterface} netns {node.Namespace}\n");
            text.Append($"link set {node.InterfaceToHere} master {Bridge} up\n");
        }

        return text.ToString();
    }

    /// <summary>The node's end of each wire, and for the first-named node the making of it; runs inside the node's namespace.</summary>
    public static string ForLinks(LabPlan plan, NodePlan node)
    {
        var text = new StringBuilder();
        foreach (LinkPlan link in plan.Links.Where(link => link.Left == node || link.Right == node))
        {
            bool isLeft = link.Left == node;
            NodePlan far = isLeft ? link.Right : link.Left;
            if (isLeft)
            {
                text.Append($"link add {far.InterfaceToHere} type veth peer name {node.InterfaceToHere} netns {far.Namespace}\n");
            }

            AppendAddress(text, far.InterfaceToHere, isLeft ? link.LeftV4 : link.RightV4, LabSubnet.LinkPrefixLengthV4, LabSubnet.LinkPrefixLengthV6);
            AppendAddress(text, far.InterfaceToHere, isLeft ? link.LeftV6 : link.RightV6, LabSubnet.LinkPrefixLengthV4, LabSubnet.LinkPrefixLengthV6);
            text.Append($"link set {far.InterfaceToHere} up\n");
            string[] ways = [$"via {(isLeft ? link.RightV4 : link.LeftV4)}", $"via {(isLeft ? link.RightV6 : link.LeftV6)}"];
            string table = node.Network == far.Network ? "" : $" table {GatewayTable}";
            text.Append($"route add {plan.Subnet.NodeRangeV4(far.Index)} {ways[0]}{table}\n");
            text.Append($"route add {plan.Subnet.NodeRangeV6(far.Index)} {ways[1]}{table}\n");
            foreach (PodPlan gateway in plan.Pods.Where(pod => pod.Spec.IsNetworkGateway && pod.Node == far && node.Network != far.Network))
            {
                text.Append($"route add {gateway.V4} {ways[0]}\nroute add {gateway.V6} {ways[1]}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>What lets the node's network gateways answer pods of other networks; runs inside the node's namespace, for one family.</summary>
    public static string ForGateways(LabPlan plan, NodePlan node, bool ipv6) => string.Concat(
        plan.Pods.Where(pod => pod.Spec.IsNetworkGateway && pod.Node == node).Select(pod => $"rule add from {pod.Address(ipv6)} lookup {GatewayTable}\n"));

    /// <summary>Runs inside the pod's namespace. The default routes also carry service addresses as far as redirection.</summary>
    public static string ForPod(PodPlan pod)
    {
        var text = new StringBuilder();
        text.Append("link set lo up\n");
        AppendAddress(text, PodInterface, pod.V4, LabSubnet.PrefixLengthV4, LabSubnet.PrefixLengthV6);
        AppendAddress(text, PodInterface, pod.V6, LabSubnet.PrefixLengthV4, LabSubnet.PrefixLengthV6);
        text.Append($"link set {PodInterface} up\n");
        text.Append($"route add default via {pod.Node.GatewayV4}\n");
        text.Append($"route add default via {pod.Node.GatewayV6}\n");
        return text.ToString();
    }

    /// <summary>
    /// With a hardware address of its own: else it takes one of its ports', and changes it as pods come and go, which cuts off for seconds those
    /// that know the former.
    /// </summary>
    private static void AppendBridge(StringBuilder text, IPAddress address) => text.Append(
        $"link add {Bridge} address 02:00:{string.Join(':', address.GetAddressBytes().Select(part => part.ToString("x2", CultureInfo.InvariantCulture)))} type bridge stp_state 0 forward_delay 0 mcast_snooping 0\n");

    private static void AppendAddress(StringBuilder text, string device, IPAddress address, int lengthV4, int lengthV6) =>
        text.Append($"address add {LabSubnet.WithPrefix(address, lengthV4, lengthV6)} dev {device} nodad\n");
}
