using System.Text.Json;
using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.Dump;

/// <summary>A workload in a configuration dump. Keys without a value of their own are left out where node-proxy 9.6 says so.</summary>
internal static class WorkloadDump
{
    /// <param name="writer">Gets one object.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="asInput">Services as the mapping that a local file has, instead of the list of their keys.</param>
    public static void Write(Utf8JsonWriter writer, Workload workload, bool asInput)
    {
        writer.WriteStartObject();
        writer.WriteStrings("workloadIps", workload.Addresses.Select(address => address.ToString()));
        writer.WriteGatewayUnlessNull("waypoint", workload.Waypoint);
        writer.WriteGatewayUnlessNull("networkGateway", workload.NetworkGateway);
        writer.WriteString("protocol", workload.Protocol == TunnelProtocol.Hbone ? "HBONE" : "TCP");
        writer.WriteString("networkMode", workload.NetworkMode.ToString());
        WriteNames(writer, workload);
        WriteTunnels(writer, workload);
        if (!workload.AuthorizationPolicies.IsEmpty)
        {
            writer.WriteStrings("authorizationPolicies", workload.AuthorizationPolicies);
        }

        writer.WriteString("status", workload.Status.ToString());
        writer.WriteString("clusterId", workload.ClusterId);
        WriteLocality(writer, workload.Locality);
        WriteServices(writer, workload, asInput);
        writer.WriteNumber("capacity", workload.Capacity);
        writer.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter writer, Workload workload)
    {
        writer.WriteUnlessEmpty("uid", workload.Uid);
        writer.WriteString("name", workload.Name);
        writer.WriteString("namespace", workload.Namespace);
        writer.WriteUnlessEmpty("trustDomain", workload.TrustDomain);
        writer.WriteUnlessEmpty("serviceAccount", workload.ServiceAccount);
        writer.WriteUnlessEmpty("network", workload.Network);
        writer.WriteUnlessEmpty("workloadName", workload.WorkloadName);
        writer.WriteString("workloadType", WorkloadTypeNames.NameOf(workload.WorkloadType));
        writer.WriteUnlessEmpty("canonicalName", workload.CanonicalName);
        writer.WriteUnlessEmpty("canonicalRevision", workload.CanonicalRevision);
        writer.WriteUnlessEmpty("hostname", workload.Hostname);
        writer.WriteUnlessEmpty("node", workload.Node);
    }

    private static void WriteTunnels(Utf8JsonWriter writer, Workload workload)
    {
        if (workload.NativeTunnel)
        {
            writer.WriteBoolean("nativeTunnel", true);
        }

        if (workload.ApplicationTunnel is not { } tunnel)
        {
            return;
        }

        writer.WriteStartObject("applicationTunnel");
        writer.WriteString("protocol", tunnel.Protocol == ApplicationTunnelProtocol.Proxy ? "PROXY" : "NONE");
        if (tunnel.Port is { } port)
        {
            writer.WriteNumber("port", port);
        }
        else
        {
            writer.WriteNull("port");
        }

        writer.WriteEndObject();
    }

    private static void WriteLocality(Utf8JsonWriter writer, Locality locality)
    {
        if (locality == Locality.Unknown)
        {
            return;
        }

        writer.WriteStartObject("locality");
        writer.WriteString("region", locality.Region);
        writer.WriteString("zone", locality.Zone);
        writer.WriteString("subzone", locality.Subzone);
        writer.WriteEndObject();
    }

    private static void WriteServices(Utf8JsonWriter writer, Workload workload, bool asInput)
    {
        IEnumerable<ServiceMembership> sorted = workload.Services.OrderBy(item => item.Service.ToString(), StringComparer.Ordinal);
        if (asInput)
        {
            writer.WriteStartObject("services");
            foreach (ServiceMembership membership in sorted)
            {
                writer.WritePorts(membership.Service.ToString(), membership.Ports);
            }

            writer.WriteEndObject();
        }
        else if (!workload.Services.IsEmpty)
        {
            writer.WriteStrings("services", sorted.Select(item => item.Service.ToString()));
        }
    }
}
