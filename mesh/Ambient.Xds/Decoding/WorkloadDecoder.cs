using System.Collections.Immutable;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;
using Ambient.Mesh.Workloads;
using Ambient.Xds.Messages;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Ambient.Xds.Decoding;

/// <summary>Workloads (node-proxy 3.7.3).</summary>
internal sealed class WorkloadDecoder(Interning interning, GatewayDecoder gateways)
{
    /// <exception cref="InvalidResourceException">A field has a value that must not be guessed at.</exception>
    public Workload Decode(WorkloadMessage message)
    {
        if (message.Uid.Length == 0)
        {
            throw new InvalidResourceException("workload without uid");
        }

        return new Workload
        {
            Uid = message.Uid,
            Name = message.Name,
            Namespace = interning.Text(message.Namespace),
            TrustDomain = TextOr(message.TrustDomain, "cluster.local"),
            ServiceAccount = TextOr(message.ServiceAccount, "default"),
            Network = interning.Text(message.Network),
            Addresses = DecodeAddresses(message.Addresses),
            Protocol = DecodeProtocol(message.TunnelProtocol),
            NetworkMode = DecodeNetworkMode(message.NetworkMode),
            Waypoint = gateways.Decode(message.Waypoint),
            NetworkGateway = gateways.Decode(message.NetworkGateway),
            Node = interning.Text(message.Node),
            CanonicalName = interning.Text(message.CanonicalName),
            CanonicalRevision = interning.Text(message.CanonicalRevision),
            WorkloadType = DecodeType(message.WorkloadType),
            WorkloadName = interning.Text(message.WorkloadName),
            NativeTunnel = message.NativeTunnel,
            ApplicationTunnel = DecodeTunnel(message.ApplicationTunnel),
            AuthorizationPolicies = DecodePolicies(message.AuthorizationPolicies),
            Status = DecodeStatus(message.Status),
            ClusterId = TextOr(message.ClusterId, "Kubernetes"),
            Hostname = interning.Text(message.Hostname),
            Locality = DecodeLocality(message.Locality),
            Services = DecodeServices(message.Services),
            Capacity = message.Capacity ?? 1,
        };
    }

    private string TextOr(string text, string fallback) => text.Length == 0 ? fallback : interning.Text(text);

    private static ImmutableArray<MeshIp> DecodeAddresses(RepeatedField<ByteString> addresses)
    {
        ImmutableArray<MeshIp>.Builder decoded = ImmutableArray.CreateBuilder<MeshIp>(addresses.Count);
        foreach (ByteString address in addresses)
        {
            decoded.Add(GatewayDecoder.Ip(address));
        }

        return decoded.MoveToImmutable();
    }

    private ImmutableArray<string> DecodePolicies(RepeatedField<string> policies) =>
        policies.Count == 0 ? [] : [.. policies.Select(interning.Text)];

    private ImmutableArray<ServiceMembership> DecodeServices(IEnumerable<KeyValuePair<string, PortList>> services)
    {
        ImmutableArray<ServiceMembership>.Builder memberships = ImmutableArray.CreateBuilder<ServiceMembership>();
        foreach ((string name, PortList ports) in services)
        {
            if (!ServiceKey.TryParse(name, out ServiceKey key))
            {
                throw new InvalidResourceException($"service '{name}' is not namespace/hostname");
            }

            key = new ServiceKey(interning.Text(key.Namespace), interning.Text(key.Hostname));
            memberships.Add(interning.Value(new ServiceMembership(key, gateways.Ports(ports.Ports))));
        }

        return memberships.DrainToImmutable();
    }

    private static TunnelProtocol DecodeProtocol(TunnelProtocolValue protocol) => protocol switch
    {
        TunnelProtocolValue.TunnelProtocolNone => TunnelProtocol.Tcp,
        TunnelProtocolValue.TunnelProtocolHbone => TunnelProtocol.Hbone,
        _ => throw new InvalidResourceException($"tunnel protocol {(int)protocol} is not spoken"),
    };

    private static NetworkMode DecodeNetworkMode(NetworkModeValue mode) => mode switch
    {
        NetworkModeValue.NetworkModeStandard => NetworkMode.Standard,
        NetworkModeValue.NetworkModeHostNetwork => NetworkMode.HostNetwork,
        _ => throw new InvalidResourceException($"unknown network mode {(int)mode}"),
    };

    private static HealthStatus DecodeStatus(WorkloadStatusValue status) => status switch
    {
        WorkloadStatusValue.WorkloadStatusHealthy => HealthStatus.Healthy,
        WorkloadStatusValue.WorkloadStatusUnhealthy => HealthStatus.Unhealthy,
        _ => throw new InvalidResourceException($"unknown status {(int)status}"),
    };

    // Telemetry only: an unknown type is no reason to lose the workload.
    private static WorkloadType DecodeType(WorkloadTypeValue type) => type switch
    {
        WorkloadTypeValue.WorkloadTypeCronjob => WorkloadType.CronJob,
        WorkloadTypeValue.WorkloadTypePod => WorkloadType.Pod,
        WorkloadTypeValue.WorkloadTypeJob => WorkloadType.Job,
        _ => WorkloadType.Deployment,
    };

    private ApplicationTunnel? DecodeTunnel(ApplicationTunnelMessage? tunnel) => tunnel is null
        ? null
        : interning.Value(new ApplicationTunnel(
            tunnel.Protocol switch
            {
                ApplicationTunnelMessage.Types.Protocol.None => ApplicationTunnelProtocol.None,
                ApplicationTunnelMessage.Types.Protocol.Proxy => ApplicationTunnelProtocol.Proxy,
                _ => throw new InvalidResourceException($"unknown application tunnel protocol {(int)tunnel.Protocol}"),
            },
            tunnel.Port == 0 ? null : (ushort)tunnel.Port));

    private Locality DecodeLocality(LocalityMessage? locality) => locality is null
        ? Locality.Unknown
        : interning.Value(new Locality(
            interning.Text(locality.Region), interning.Text(locality.Zone), interning.Text(locality.Subzone)));
}
