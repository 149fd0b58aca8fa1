using System.Globalization;
using System.Text.Json;
using Ambient.Mesh.Services;

namespace Ambient.Mesh.Dump;

/// <summary>The value forms that several dumped objects share (node-proxy 9.6).</summary>
internal static class ValueDump
{
    public static void WriteUnlessEmpty(this Utf8JsonWriter writer, string key, string value)
    {
        if (value.Length > 0)
        {
            writer.WriteString(key, value);
        }
    }

    public static void WriteStrings(this Utf8JsonWriter writer, string key, IEnumerable<string> values)
    {
        writer.WriteStartArray(key);
        foreach (string value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    public static void WriteGatewayUnlessNull(this Utf8JsonWriter writer, string key, GatewayAddress? gateway)
    {
        if (gateway is not null)
        {
            writer.WriteGateway(key, gateway);
        }
    }

    public static void WriteGateway(this Utf8JsonWriter writer, string key, GatewayAddress gateway)
    {
        writer.WriteStartObject(key);
        writer.WriteString("destination", gateway.Destination);
        writer.WriteNumber("hboneMtlsPort", gateway.HbonePort);
        writer.WriteEndObject();
    }

    public static void WritePorts(this Utf8JsonWriter writer, string key, PortMap ports)
    {
        writer.WriteStartObject(key);
        foreach (PortMapping mapping in ports)
        {
            writer.WriteNumber(mapping.ServicePort.ToString(CultureInfo.InvariantCulture), mapping.TargetPort);
        }

        writer.WriteEndObject();
    }

    public static void WriteEndpoints(this Utf8JsonWriter writer, string key, EndpointSet endpoints)
    {
        writer.WriteStartObject(key);
        foreach (Endpoint endpoint in endpoints.All.ToArray().OrderBy(endpoint => endpoint.Workload.Uid, StringComparer.Ordinal))
        {
            writer.WriteStartObject(endpoint.Workload.Uid);
            writer.WriteString("workloadUid", endpoint.Workload.Uid);
            writer.WritePorts("port", endpoint.Ports);
            writer.WriteString("status", endpoint.Status.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
