using System.Text.Json;

namespace Ambient.Ztunnel.Admin;

/// <summary>The <c>workloadState</c> key of the dump, in shared mode (node-proxy 9.6).</summary>
internal sealed class WorkloadStateSection(IPodStateSource source) : IDumpSection
{
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject("workloadState");
        foreach (PodState pod in source.Snapshot().OrderBy(pod => pod.Uid, StringComparer.Ordinal))
        {
            WritePod(json, pod);
        }

        json.WriteEndObject();
    }

    private static void WritePod(Utf8JsonWriter json, PodState pod)
    {
        json.WriteStartObject(pod.Uid);
        json.WriteString("state", pod.IsUp ? "Up" : "Pending");
        if (pod.IsUp)
        {
            json.WriteStartObject("connections");
            WriteConnections(json, "inbound", pod.Inbound);
            WriteConnections(json, "outbound", pod.Outbound);
            json.WriteEndObject();
        }

        json.WriteStartObject("info");
        json.WriteString("name", pod.Workload.Name);
        json.WriteString("namespace", pod.Workload.Namespace);
        json.WriteString("serviceAccount", pod.Workload.ServiceAccount);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteConnections(Utf8JsonWriter json, string key, IReadOnlyList<PodConnection> connections)
    {
        json.WriteStartArray(key);
        foreach (PodConnection connection in connections)
        {
            json.WriteStartObject();
            json.WriteString("src", connection.Source.ToString());
            json.WriteString("originalDst", connection.OriginalDestination);
            json.WriteString("actualDst", connection.ActualDestination);
            json.WriteString("protocol", connection.Protocol switch
            {
                PodConnectionProtocol.Hbone => "HBONE",
                PodConnectionProtocol.DoubleHbone => "DOUBLEHBONE",
                _ => "TCP",
            });
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
