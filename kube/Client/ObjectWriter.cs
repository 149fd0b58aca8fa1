using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Client;

/// <summary>Makes the bytes of a write from a record.</summary>
internal static class ObjectWriter
{
    private const string MetadataField = "metadata";

    /// <summary>The object with its kind, which items of a list do not have, and without metadata fields that say nothing.</summary>
    public static JsonObject ToJson<T>(ResourceType<T> type, T value)
        where T : class, IKubernetesObject
    {
        var json = (JsonObject)JsonSerializer.SerializeToNode(value, type.Json)!;
        json["apiVersion"] = type.ApiVersion;
        json["kind"] = type.Kind;
        if (json[MetadataField] is JsonObject metadata)
        {
            foreach (string name in metadata.Where(field => SaysNothing(field.Value)).Select(field => field.Key).ToArray())
            {
                metadata.Remove(name);
            }
        }

        return json;
    }

    /// <summary>What server-side apply takes: no version, so that it cannot conflict, and no record of owners, which it refuses.</summary>
    public static JsonObject ToConfiguration<T>(ResourceType<T> type, ObjectName name, JsonObject content)
        where T : class, IKubernetesObject
    {
        var json = (JsonObject)content.DeepClone();
        json["apiVersion"] = type.ApiVersion;
        json["kind"] = type.Kind;
        JsonObject metadata = json[MetadataField] as JsonObject ?? [];
        metadata.Remove("managedFields");
        metadata["name"] = name.Name;
        if (type.Namespaced)
        {
            metadata["namespace"] = name.Namespace;
        }

        json[MetadataField] = metadata;
        return json;
    }

    public static byte[] ToBytes(JsonNode json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            json.WriteTo(writer);
        }

        return buffer.ToArray();
    }

    private static bool SaysNothing(JsonNode? value) => value switch
    {
        null => true,
        JsonObject map => map.Count == 0,
        JsonArray list => list.Count == 0,
        JsonValue scalar => scalar.GetValueKind() switch
        {
            JsonValueKind.String => scalar.GetValue<string>().Length == 0,
            JsonValueKind.Number => scalar.ToJsonString() == "0",
            _ => false,
        },
        _ => false,
    };
}
