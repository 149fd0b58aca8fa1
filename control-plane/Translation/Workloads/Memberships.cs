using Ambient.ControlPlane.Translation.Services;
using Ambient.ControlPlane.Translation.State;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Workloads;

/// <summary>The services of a workload, each with the ports it serves them on (control-plane-and-cni 5.4).</summary>
internal static class Memberships
{
    /// <summary>Adds a workload to services, in the order of their names.</summary>
    /// <param name="host">The only host to add; null for all.</param>
    public static void Add(WorkloadMessage workload, IEnumerable<ServiceSource> services, PortNames names, string? host = null)
    {
        IEnumerable<HostClaim> claims = services.SelectMany(service => service.Claims)
            .Where(claim => claim.Published && (host is null || claim.Hostname == host))
            .OrderBy(claim => claim.Key, StringComparer.Ordinal);
        foreach (HostClaim claim in claims)
        {
            workload.Services[claim.Key] = PortsOf(claim.Source, names);
        }
    }

    private static PortList PortsOf(ServiceSource service, PortNames names)
    {
        PortList ports = new();
        foreach (MemberPort port in service.Shape.Ports)
        {
            uint target = TargetOf(port, service.IsKubernetes, names);
            if (target != 0)
            {
                ports.Ports.Add(new Port { ServicePort = port.ServicePort, TargetPort = target });
            }
        }

        return ports;
    }

    // A name that a Service demands must be there. The name of a port of a ServiceEntry may be.
    private static uint TargetOf(MemberPort port, bool isKubernetes, PortNames names)
    {
        if (port.TargetName is { } demanded)
        {
            return names.Find(demanded);
        }

        uint named = isKubernetes || port.Name.Length == 0 ? 0 : names.Find(port.Name);
        return named != 0 ? named : port.TargetPort != 0 ? port.TargetPort : port.ServicePort;
    }
}
