using System.Collections.Immutable;
using Ambient.ControlPlane.Translation.State;
using Ambient.Kube.Resources.Core;
using Ambient.Kube.Resources.Networking;
using Ambient.Mesh.Addresses;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Services;

/// <summary>Services from Services and ServiceEntries (control-plane-and-cni 5.6).</summary>
/// <param name="network">The network of the cluster.</param>
internal sealed class ServiceTranslation(TranslationOptions options, string network)
{
    public ServiceMessage Translate(HostClaim claim)
    {
        ServiceSource source = claim.Source;
        ServiceMessage message = new()
        {
            Name = source.Key.Name,
            Namespace = source.Home.Name,
            Hostname = claim.Hostname,
            Canonical = claim.Canonical,
            Waypoint = source.Waypoint.Address,
            IngressUseWaypoint = source.Waypoint.Ingress,
            Visibility = source.Visibility == EntryVisibility.Namespace ? VisibilityValue.VisibilityNamespace : VisibilityValue.VisibilityPublic,
        };
        message.WeightedWaypoints.AddRange(source.Waypoint.Weighted());
        if (source.Object is Service service)
        {
            Fill(message, service, source.Home);
        }
        else
        {
            Fill(message, source.Entry!, claim);
        }

        return message;
    }

    private void Fill(ServiceMessage message, Service service, NamespaceState home)
    {
        message.Addresses.AddRange(ClusterIPs(service).Select(ip => AddressBytes.Message(network, ip)));
        message.Ports.AddRange(service.Spec.Ports.Where(port => ServiceShapes.IsPort(port.Number)).Select(PortOf));
        message.LoadBalancing = LoadBalancings.Of(service, home.Metadata.Annotations);
        message.IpFamilies = service.Spec.IPFamilies switch
        {
            ["IPv4"] => IpFamiliesValue.IpFamiliesIpv4Only,
            ["IPv6"] => IpFamiliesValue.IpFamiliesIpv6Only,
            [_, _] => IpFamiliesValue.IpFamiliesDual,
            _ => IpFamiliesValue.IpFamiliesAutomatic,
        };
    }

    private void Fill(ServiceMessage message, ServiceEntry entry, HostClaim claim)
    {
        message.Addresses.AddRange(AddressesOf(entry, claim.Hostname));
        message.Ports.AddRange(entry.Spec.Ports.Where(port => ServiceShapes.IsPort(port.Number)).Select(PortOf));
        message.SubjectAltNames.AddRange(entry.Spec.SubjectAltNames);
        message.LoadBalancing = EntryResolution.IsPassThrough(entry.Spec)
            ? LoadBalancings.PassThrough()
            : LoadBalancings.Distribution("", entry.Metadata.Annotations, claim.Source.Home.Metadata.Annotations);
    }

    private static IEnumerable<MeshIp> ClusterIPs(Service service)
    {
        ImmutableArray<string> texts = service.Spec.ClusterIPs.IsEmpty ? [service.Spec.ClusterIP] : service.Spec.ClusterIPs;
        return texts.Select(text => MeshIp.TryParse(text, out MeshIp ip) ? ip : default).Where(ip => ip.IsValid);
    }

    private static Port PortOf(ServicePort port) => new()
    {
        ServicePort = (uint)port.Number,
        TargetPort = port.TargetPort switch
        {
            null => (uint)port.Number,
            { Name: null, Number: > 0 and <= ushort.MaxValue } numbered => (uint)numbered.Number,
            _ => 0,
        },
        AppProtocol = AppProtocols.Of(port),
    };

    private static Port PortOf(ServiceEntryPort port) => new()
    {
        ServicePort = port.Number,
        TargetPort = port.TargetPort is > 0 and <= ushort.MaxValue ? port.TargetPort : port.Number,
        AppProtocol = AppProtocols.Named(port.Protocol),
    };

    private IEnumerable<NetworkAddressMessage> AddressesOf(ServiceEntry entry, string hostname)
    {
        if (!entry.Spec.Addresses.IsEmpty)
        {
            return entry.Spec.Addresses.Select(Address).OfType<NetworkAddressMessage>();
        }

        return AddressAllocator.Wants(entry, hostname, options)
            ? entry.Status.Addresses.Where(address => address.Host.Length == 0 || address.Host == hostname)
                .Select(address => Address(address.Value)).OfType<NetworkAddressMessage>()
            : [];
    }

    private NetworkAddressMessage? Address(string text)
    {
        if (MeshIp.TryParse(text, out MeshIp ip))
        {
            return AddressBytes.Message(network, ip);
        }

        if (!IpPrefix.TryParse(text, out IpPrefix prefix))
        {
            return null;
        }

        NetworkAddressMessage message = AddressBytes.Message(network, prefix.Masked.Address);
        message.Length = (uint)prefix.Length;
        return message;
    }
}
