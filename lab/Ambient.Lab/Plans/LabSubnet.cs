using System.Net;
using System.Net.Sockets;

namespace Ambient.Lab.Plans;

/// <summary>
/// The addresses of one lab: 10.(64+number).0.0/16 and fdab:1e:(number)::/48. The third part is the node, 250 for services,
/// 253 for the control plane and 254 for the wires between nodes.
/// </summary>
public sealed record LabSubnet(int Number)
{
    public const int MaxLabs = 128;
    public const int MaxNodes = 11;
    public const int MaxPodsPerNode = 200;
    public const int MaxServices = 200;
    public const int PrefixLengthV4 = 24;
    public const int PrefixLengthV6 = 64;
    public const int LinkPrefixLengthV4 = 30;
    public const int LinkPrefixLengthV6 = 126;

    private const int FirstSecondByte = 64;
    private const int ServicePart = 250;
    private const int ControlPlanePart = 253;
    private const int LinkPart = 254;
    private const int GatewayHost = 1;
    private const int FirstPodHost = 11;
    private const int FirstServiceHost = 10;
    private const int AddressesPerLink = 4;

    public string RangeV4 => $"10.{FirstSecondByte + Number}.0.0/16";

    public string RangeV6 => $"fdab:1e:{Number}::/48";

    public IPAddress GatewayV4(int node) => V4(node + 1, GatewayHost);

    public IPAddress GatewayV6(int node) => V6(node + 1, GatewayHost);

    public IPAddress PodV4(int node, int place) => V4(node + 1, FirstPodHost + place);

    public IPAddress PodV6(int node, int place) => V6(node + 1, FirstPodHost + place);

    public string NodeRangeV4(int node) => $"{V4(node + 1, 0)}/{PrefixLengthV4}";

    public string NodeRangeV6(int node) => $"{V6(node + 1, 0)}/{PrefixLengthV6}";

    public IPAddress ServiceV4(int place) => V4(ServicePart, FirstServiceHost + place);

    public IPAddress ServiceV6(int place) => V6(ServicePart, FirstServiceHost + place);

    public IPAddress ControlPlaneV4 => V4(ControlPlanePart, GatewayHost);

    /// <summary>A node's address on its wire to the control plane.</summary>
    public IPAddress ControlPlaneNodeV4(int node) => V4(ControlPlanePart, FirstPodHost + node);

    public IPAddress LinkV4(int link, int side) => V4(LinkPart, (link * AddressesPerLink) + 1 + side);

    public IPAddress LinkV6(int link, int side) => V6(LinkPart, (link * AddressesPerLink) + 1 + side);

    /// <summary>An address of the lab, with the length of its prefix, as ip writes it.</summary>
    public static string WithPrefix(IPAddress address, int lengthV4, int lengthV6) =>
        $"{address}/{(address.AddressFamily == AddressFamily.InterNetwork ? lengthV4 : lengthV6)}";

    private IPAddress V4(int part, int host) => new([10, (byte)(FirstSecondByte + Number), (byte)part, (byte)host]);

    /// <summary>Decimal digits read as hexadecimal ones, so that both addresses of a pod look alike.</summary>
    private IPAddress V6(int part, int host) => IPAddress.Parse($"fdab:1e:{Number}:{part}::{host}");
}
