using System.Net;
using System.Net.Sockets;
using Ambient.Lab.Plans;
using Ambient.Lab.Specs;

namespace Ambient.Lab.Demo.Stages;

/// <summary>Addresses and ports of the demo without namespaces. Only port 15008 is fixed, by the protocol; the rest are free ones.</summary>
internal sealed class LoopbackPlan
{
    private const int PortCount = 24;

    private readonly Queue<int> _ports = new(FindFreePorts(PortCount));

    public LoopbackPlan(IPAddress serverV4)
    {
        ServerV4 = serverV4;
        WebPort = TakePort();
        EchoPort = TakePort();
        Lab = BuildLab();
    }

    public IPAddress ServerV4 { get; }

    public int WebPort { get; }

    public int EchoPort { get; }

    public LabPlan Lab { get; }

    public int TakePort() => _ports.Dequeue();

    /// <summary>A server and a client of the same names as in the lab. The server has loopback addresses; the client's are never used.</summary>
    private LabPlan BuildLab()
    {
        var subnet = new LabSubnet(0);
        var labels = new Dictionary<string, string> { ["app"] = DefaultLab.Web };
        var client = new PodSpec(DefaultLab.Curl, DefaultLab.Namespace, DefaultLab.Curl);
        var server = new PodSpec(DefaultLab.Web, DefaultLab.Namespace, DefaultLab.Web) { Labels = labels };
        var service = new ServiceSpec(DefaultLab.Web, DefaultLab.Namespace, [new ServicePort(DefaultLab.ServicePort, WebPort)]) { Selector = labels };
        var spec = new LabSpec("loopback", [new NodeSpec(DefaultLab.NodeA, [client]), new NodeSpec(DefaultLab.NodeB, [server])], [service], []);
        LabPlan plan = LabPlan.Build(spec, subnet);
        return plan with
        {
            Pods = [plan.Pod(DefaultLab.Curl), plan.Pod(DefaultLab.Web) with { V4 = ServerV4, V6 = IPAddress.IPv6Loopback }],
        };
    }

    /// <summary>All are held until all are found, so none comes twice.</summary>
    private static int[] FindFreePorts(int count)
    {
        Socket[] sockets = [.. Enumerable.Range(0, count).Select(_ => new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true })];
        try
        {
            foreach (Socket socket in sockets)
            {
                socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
            }

            return [.. sockets.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port)];
        }
        finally
        {
            foreach (Socket socket in sockets)
            {
                socket.Dispose();
            }
        }
    }
}
