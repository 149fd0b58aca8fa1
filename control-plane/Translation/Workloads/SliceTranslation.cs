using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Translation.State;
using Ambient.Kube.Resources.Discovery;
using Ambient.Mesh.Addresses;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Workloads;

/// <summary>Workloads from the endpoints of an EndpointSlice that are not pods (control-plane-and-cni 5.5).</summary>
/// <param name="network">The network of the cluster.</param>
internal sealed class SliceTranslation(TranslationOptions options, string network)
{
    /// <param name="service">The Service whose endpoints these are; null when there is none that the mesh knows.</param>
    public IEnumerable<WorkloadMessage> Translate(SliceSource slice, ServiceSource? service, ObjectReport report)
    {
        if (slice.IsFqdn)
        {
            report.Note(Reasons.NotHonoured, "endpoints of address type FQDN are not used; use a ServiceEntry with resolution DNS");
            return [];
        }

        HostClaim? claim = service?.Claims.FirstOrDefault(claim => claim.Published);
        return claim is null ? [] : Endpoints(slice, claim, report);
    }

    private List<WorkloadMessage> Endpoints(SliceSource slice, HostClaim claim, ObjectReport report)
    {
        Dictionary<string, WorkloadMessage> workloads = new(StringComparer.Ordinal);
        foreach (SliceEndpoint endpoint in slice.Endpoints)
        {
            string text = endpoint.Addresses.FirstOrDefault() ?? "";
            if (!MeshIp.TryParse(text, out MeshIp ip))
            {
                report.Note(Reasons.InvalidValue, $"endpoint address {Quoted.Text(text)} is not an IP address and is not used");
                continue;
            }

            WorkloadMessage workload = Endpoint(slice, claim, endpoint, ip);
            workloads.TryAdd(workload.Uid, workload);
        }

        return [.. workloads.Values];
    }

    private WorkloadMessage Endpoint(SliceSource slice, HostClaim claim, SliceEndpoint endpoint, MeshIp ip)
    {
        WorkloadMessage workload = new()
        {
            Uid = $"{options.ClusterId}/discovery.k8s.io/EndpointSlice/{slice.Home.Name}/{slice.Name}/{ip}",
            Name = slice.Name,
            Namespace = slice.Home.Name,
            Network = network,
            ClusterId = options.ClusterId,
            Node = endpoint.NodeName,
            WorkloadType = WorkloadTypeValue.WorkloadTypePod,
            WorkloadName = slice.Name,
            CanonicalName = slice.Service,
            CanonicalRevision = "latest",
            NetworkMode = NetworkModeValue.NetworkModeHostNetwork,
            Status = endpoint.Conditions?.Ready == false
                ? WorkloadStatusValue.WorkloadStatusUnhealthy
                : WorkloadStatusValue.WorkloadStatusHealthy,
        };
        workload.Addresses.Add(AddressBytes.Of(ip));
        workload.Services[claim.Key] = PortsOf(slice, claim.Source);
        return workload;
    }

    // The slice says on which port each port of the Service is served, by its name.
    private static PortList PortsOf(SliceSource slice, ServiceSource service)
    {
        PortList ports = new();
        foreach (Services.MemberPort port in service.Shape.Ports)
        {
            SlicePort? served = slice.Ports.FirstOrDefault(candidate => candidate.Name == port.Name && candidate.Protocol is "" or "TCP");
            if (served?.Number is > 0 and <= ushort.MaxValue)
            {
                ports.Ports.Add(new Port { ServicePort = port.ServicePort, TargetPort = (uint)served.Number.Value });
            }
        }

        return ports;
    }
}
