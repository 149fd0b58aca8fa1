using System.Text.Encodings.Web;
using System.Text.Json;
using Ambient.Mesh.LocalFile;
using Ambient.Mesh.Policies;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.Dump;

/// <summary>
/// The mesh's part of <c>/config_dump</c> (node-proxy 9.6), which <c>istioctl ztunnel-config</c> reads. Each method writes one value; the
/// caller writes the key of the same name.
/// </summary>
public static class MeshDump
{
    /// <summary>Pretty printed, and with text as it is: the answer is never part of a web page.</summary>
    public static JsonWriterOptions WriterOptions { get; } =
        new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One workload.</summary>
    public static void WriteWorkload(Utf8JsonWriter writer, Workload workload) => WorkloadDump.Write(writer, workload, asInput: false);

    /// <summary>One service with its endpoints.</summary>
    public static void WriteService(Utf8JsonWriter writer, Service service, EndpointSet endpoints) => ServiceDump.Write(writer, service, endpoints);

    /// <summary>One policy.</summary>
    public static void WritePolicy(Utf8JsonWriter writer, AuthorizationPolicy policy) => PolicyDump.Write(writer, policy);

    /// <summary>Sorted by uid.</summary>
    public static void WriteWorkloads(Utf8JsonWriter writer, MeshSnapshot snapshot)
    {
        writer.WriteStartArray();
        foreach (Workload workload in snapshot.Workloads.OrderBy(workload => workload.Uid, StringComparer.Ordinal))
        {
            WorkloadDump.Write(writer, workload, asInput: false);
        }

        writer.WriteEndArray();
    }

    /// <summary>Sorted by host name, then by namespace.</summary>
    public static void WriteServices(Utf8JsonWriter writer, MeshSnapshot snapshot)
    {
        writer.WriteStartArray();
        IEnumerable<Service> sorted = snapshot.Services
            .OrderBy(service => service.Hostname, StringComparer.Ordinal)
            .ThenBy(service => service.Namespace, StringComparer.Ordinal);
        foreach (Service service in sorted)
        {
            ServiceDump.Write(writer, service, snapshot.EndpointsOf(service.Key));
        }

        writer.WriteEndArray();
    }

    /// <summary>Sorted by key.</summary>
    public static void WritePolicies(Utf8JsonWriter writer, MeshSnapshot snapshot)
    {
        writer.WriteStartArray();
        foreach (AuthorizationPolicy policy in snapshot.Policies.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value))
        {
            PolicyDump.Write(writer, policy);
        }

        writer.WriteEndArray();
    }

    /// <summary>Endpoints whose service is not known, by service key.</summary>
    public static void WriteStagedServices(Utf8JsonWriter writer, MeshSnapshot snapshot)
    {
        writer.WriteStartObject();
        foreach ((ServiceKey key, EndpointSet endpoints) in snapshot.StagedEndpoints.OrderBy(pair => pair.Key.ToString(), StringComparer.Ordinal))
        {
            writer.WriteEndpoints(key.ToString(), endpoints);
        }

        writer.WriteEndObject();
    }

    /// <summary>The local file, in its order and in a form that can be one again.</summary>
    public static void WriteStaticConfig(Utf8JsonWriter writer, LocalConfiguration configuration)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("workloads");
        foreach (Workload workload in configuration.Workloads)
        {
            WorkloadDump.Write(writer, workload, asInput: true);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("policies");
        foreach (AuthorizationPolicy policy in configuration.Policies)
        {
            PolicyDump.Write(writer, policy);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("services");
        foreach (Service service in configuration.Services)
        {
            ServiceDump.Write(writer, service, EndpointSet.Empty);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
