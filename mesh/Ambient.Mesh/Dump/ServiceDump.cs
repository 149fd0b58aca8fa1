using System.Text.Json;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;

namespace Ambient.Mesh.Dump;

/// <summary>A service in a configuration dump (node-proxy 9.6).</summary>
internal static class ServiceDump
{
    public static void Write(Utf8JsonWriter writer, Service service, EndpointSet endpoints)
    {
        writer.WriteStartObject();
        writer.WriteString("name", service.Name);
        writer.WriteString("namespace", service.Namespace);
        writer.WriteString("hostname", service.Hostname);
        writer.WriteStrings("vips", service.Vips.Select(vip => vip.ToString()));
        WriteCidrVips(writer, service);
        writer.WritePorts("ports", service.Ports);
        writer.WriteEndpoints("endpoints", endpoints);
        writer.WriteStrings("subjectAltNames", service.SubjectAltNames);
        writer.WriteGatewayUnlessNull("waypoint", service.Waypoint);
        WriteWeightedWaypoints(writer, service);
        WriteLoadBalancer(writer, service.LoadBalancer);
        if (service.IpFamilies is { } families)
        {
            writer.WriteString("ipFamilies", families.ToString());
        }

        writer.WriteBoolean("canonical", service.Canonical);
        writer.WriteString("visibility", service.Visibility.ToString());
        writer.WriteEndObject();
    }

    private static void WriteCidrVips(Utf8JsonWriter writer, Service service)
    {
        if (service.CidrVips.IsEmpty)
        {
            return;
        }

        writer.WriteStartArray("cidrVips");
        foreach (NetworkPrefix cidr in service.CidrVips)
        {
            writer.WriteStartObject();
            writer.WriteString("network", cidr.Network);
            writer.WriteString("cidr", cidr.Prefix.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteWeightedWaypoints(Utf8JsonWriter writer, Service service)
    {
        if (service.WeightedWaypoints.IsEmpty)
        {
            return;
        }

        writer.WriteStartArray("weightedWaypoints");
        foreach (WeightedWaypoint waypoint in service.WeightedWaypoints)
        {
            writer.WriteStartObject();
            writer.WriteGateway("destination", waypoint.Destination);
            writer.WriteNumber("weight", waypoint.Weight);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteLoadBalancer(Utf8JsonWriter writer, LoadBalancer? balancer)
    {
        if (balancer is null)
        {
            return;
        }

        writer.WriteStartObject("loadBalancer");
        writer.WriteStrings("routingPreferences", balancer.RoutingPreferences.Select(scope => scope.ToString()));
        writer.WriteString("mode", balancer.Mode.ToString());
        writer.WriteString("healthPolicy", balancer.HealthPolicy.ToString());
        writer.WriteEndObject();
    }
}
