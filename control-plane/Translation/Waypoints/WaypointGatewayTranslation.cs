using System.Collections.Immutable;
using System.Globalization;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.Kube.Resources.Gateways;
using Ambient.Mesh.Addresses;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Waypoints;

/// <summary>What a Gateway and its class mean for those that use it as a waypoint (control-plane-and-cni 5.8, 7.1 to 7.3).</summary>
internal static class WaypointGatewayTranslation
{
    /// <summary>Where a waypoint is reached, whatever its listeners say.</summary>
    public const uint HbonePort = 15008;

    private const string HboneProtocol = "HBONE";
    private const string ProxyProtocol = "istio.io/PROXY";
    private static readonly RouteNamespaces SameNamespace = new() { From = "Same" };

    public static WaypointGateway Translate(Gateway gateway, GatewayClass? gatewayClass, string network, ObjectReport report)
    {
        GatewayName name = new(gateway.Metadata.Namespace, gateway.Metadata.Name);
        ApplicationTunnelMessage? tunnel = InboundBinding(gateway, gatewayClass, report);
        return new WaypointGateway(
            name,
            AddressOf(gateway, network, report),
            TrafficOf(gateway, gatewayClass, report),
            AttachmentOf(gateway, tunnel),
            new WaypointInstance(tunnel),
            gateway.Metadata.Annotations.GetValueOrDefault(MeshLabels.GatewayServiceAccount) ?? gateway.Metadata.Name);
    }

    private static GatewayAddressMessage? AddressOf(Gateway gateway, string network, ObjectReport report)
    {
        ImmutableArray<GatewayAddress> addresses = gateway.Status.Addresses;
        if (addresses.FirstOrDefault(address => address.Type == "Hostname" && address.Value.Length > 0) is { } hostname)
        {
            return new GatewayAddressMessage
            {
                Hostname = new NamespacedHostname { Namespace = gateway.Metadata.Namespace, Hostname = hostname.Value },
                HboneMtlsPort = HbonePort,
            };
        }

        foreach (GatewayAddress address in addresses.Where(address => address.Type is "" or "IPAddress"))
        {
            if (MeshIp.TryParse(address.Value, out MeshIp ip))
            {
                return new GatewayAddressMessage { Address = AddressBytes.Message(network, ip), HboneMtlsPort = HbonePort };
            }

            report.Note(Reasons.InvalidValue, $"status address {Quoted.Text(address.Value)} is not an IP address; correct status.addresses");
        }

        return null;
    }

    private static WaypointTraffic TrafficOf(Gateway gateway, GatewayClass? gatewayClass, ObjectReport report)
    {
        string? label = gateway.Metadata.Labels.GetValueOrDefault(MeshLabels.WaypointFor)
            ?? gatewayClass?.Metadata.Labels.GetValueOrDefault(MeshLabels.WaypointFor);
        switch (label)
        {
            case null or "service":
                return WaypointTraffic.Service;
            case "workload":
                return WaypointTraffic.Workload;
            case "all":
                return WaypointTraffic.All;
            case "none":
                return WaypointTraffic.None;
            default:
                report.Note(Reasons.InvalidValue, $"label {MeshLabels.WaypointFor} is {Quoted.Text(label)}, so no traffic is taken; use service, workload, all or none");
                return WaypointTraffic.None;
        }
    }

    private static ApplicationTunnelMessage? InboundBinding(Gateway gateway, GatewayClass? gatewayClass, ObjectReport report)
    {
        string? text = gateway.Metadata.Annotations.GetValueOrDefault(MeshLabels.InboundBinding)
            ?? gatewayClass?.Metadata.Annotations.GetValueOrDefault(MeshLabels.InboundBinding);
        if (text is null)
        {
            return null;
        }

        string[] parts = text.Split('/');
        ApplicationTunnelMessage.Types.Protocol? protocol = parts[0] switch
        {
            "PROXY" => ApplicationTunnelMessage.Types.Protocol.Proxy,
            "NONE" => ApplicationTunnelMessage.Types.Protocol.None,
            _ => null,
        };
        ushort port = 0;
        if (protocol is null || parts.Length > 2
            || (parts.Length == 2 && !ushort.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out port)))
        {
            report.Note(Reasons.InvalidValue, $"annotation {MeshLabels.InboundBinding} is {Quoted.Text(text)} and not used; use PROXY, NONE, or one of them with /port");
            return null;
        }

        return new ApplicationTunnelMessage { Protocol = protocol.Value, Port = port };
    }

    // The listener that takes the traffic says who may attach: that of the binding, else the conventional one.
    private static RouteNamespaces AttachmentOf(Gateway gateway, ApplicationTunnelMessage? tunnel)
    {
        Listener? listener = tunnel is null ? null : gateway.Spec.Listeners.FirstOrDefault(listener => Takes(listener, tunnel));
        listener ??= gateway.Spec.Listeners.FirstOrDefault(candidate => candidate is { Protocol: HboneProtocol, Port: (int)HbonePort });
        return listener?.AllowedRoutes?.Namespaces ?? SameNamespace;
    }

    private static bool Takes(Listener listener, ApplicationTunnelMessage tunnel)
    {
        bool proxied = tunnel.Protocol == ApplicationTunnelMessage.Types.Protocol.Proxy;
        bool samePort = tunnel.Port == 0 ? proxied : listener.Port == tunnel.Port;
        return samePort && proxied == (listener.Protocol == ProxyProtocol);
    }
}
