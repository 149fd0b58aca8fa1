using Ambient.Mesh.Addresses;

namespace Ambient.Mesh.Services;

/// <summary>Refers to a waypoint or a network gateway, either by address or by host name, with its HBONE port (node-proxy 3.7.5).</summary>
public sealed record GatewayAddress
{
    private GatewayAddress(NetworkAddress? address, ServiceKey? hostname, ushort hbonePort)
    {
        Address = address;
        Hostname = hostname;
        HbonePort = hbonePort;
    }

    /// <summary>Set exactly when <see cref="Hostname"/> is not.</summary>
    public NetworkAddress? Address { get; }

    public ServiceKey? Hostname { get; }

    /// <summary>The port of the service (by host name or virtual address) or of the workload itself.</summary>
    public ushort HbonePort { get; }

    /// <summary>The form of a configuration dump: "network/ip" or "namespace/hostname".</summary>
    public string Destination => Address?.ToString() ?? Hostname!.Value.ToString();

    public static GatewayAddress ByAddress(NetworkAddress address, ushort hbonePort) => new(address, null, hbonePort);

    public static GatewayAddress ByHostname(ServiceKey hostname, ushort hbonePort) => new(null, hostname, hbonePort);

    public override string ToString() => $"{Destination}:{HbonePort}";
}
