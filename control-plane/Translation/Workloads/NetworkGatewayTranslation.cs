using Ambient.ControlPlane.Translation.Reports;
using Ambient.Kube.Resources.Gateways;
using Ambient.Mesh.Addresses;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Workloads;

/// <summary>The gateways of other networks, from Gateways that describe them (control-plane-and-cni 5.5).</summary>
internal static class NetworkGatewayTranslation
{
    private const string RemoteClass = "istio-remote";
    private const uint DefaultPort = 15008;

    public static bool IsNetworkGateway(Gateway? gateway) => gateway?.Spec.GatewayClassName == RemoteClass;

    public static IEnumerable<WorkloadMessage> Translate(Gateway gateway, TranslationOptions options, ObjectReport report)
    {
        string? network = gateway.Metadata.Labels.GetValueOrDefault(MeshLabels.Network);
        Listener? listener = gateway.Spec.Listeners.FirstOrDefault(listener => listener.Protocol == "HBONE");
        if (network is null || listener is null)
        {
            report.Note(Reasons.NotHonoured, network is null
                ? $"it is not used as a gateway of another network; label it {MeshLabels.Network} with the name of that network"
                : "it is not used as a gateway of another network; give it a listener of protocol HBONE");
            return [];
        }

        uint port = listener.Port > 0 ? (uint)listener.Port : DefaultPort;
        IEnumerable<string> addresses = (gateway.Spec.Addresses.IsEmpty ? gateway.Status.Addresses : gateway.Spec.Addresses)
            .Select(address => address.Value).Where(address => address.Length > 0);
        return addresses.Select(address => Workload(gateway, options, network, address, port));
    }

    private static WorkloadMessage Workload(Gateway gateway, TranslationOptions options, string network, string address, uint port)
    {
        WorkloadMessage workload = new()
        {
            Uid = $"NetworkGateway/{network}/{address}/{port}",
            Name = gateway.Metadata.Name,
            Namespace = gateway.Metadata.Namespace,
            Network = network,
            ServiceAccount = gateway.Metadata.Annotations.GetValueOrDefault(MeshLabels.GatewayServiceAccount) ?? "",
            ClusterId = options.ClusterId,
            TunnelProtocol = TunnelProtocolValue.TunnelProtocolHbone,
            WorkloadType = WorkloadTypeValue.WorkloadTypePod,
            WorkloadName = gateway.Metadata.Name,
            CanonicalName = gateway.Metadata.Name,
            CanonicalRevision = "latest",
        };
        if (MeshIp.TryParse(address, out MeshIp ip))
        {
            workload.Addresses.Add(AddressBytes.Of(ip));
        }
        else
        {
            workload.Hostname = address;
        }

        return workload;
    }
}
