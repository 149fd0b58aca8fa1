using System.Text.Json;
using Ambient.Xds.Messages;
using Google.Protobuf.WellKnownTypes;

namespace Ambient.Xds;

/// <summary>What this proxy tells the control plane about itself (node-proxy 3.2).</summary>
/// <param name="PodName">"" when not known, as the other texts.</param>
/// <param name="InstanceIp">The proxy pod's address.</param>
/// <param name="Metadata">ISTIO_META_* without the prefix.</param>
/// <param name="JsonMetadata">ISTIO_METAJSON_* without the prefix. A value that is no JSON is left out.</param>
public sealed record XdsNode(
    string PodName,
    string PodNamespace,
    string InstanceIp,
    string NodeName,
    IReadOnlyDictionary<string, string> Metadata,
    IReadOnlyDictionary<string, string> JsonMetadata)
{
    private const string UnknownIp = "1.1.1.1";

    /// <summary><c>ztunnel~IP~POD.NAMESPACE~NAMESPACE.svc.cluster.local</c>; the domain does not follow CLUSTER_DOMAIN.</summary>
    public string Id =>
        $"ztunnel~{(InstanceIp.Length == 0 ? UnknownIp : InstanceIp)}~{PodName}.{PodNamespace}~{PodNamespace}.svc.cluster.local";

    /// <summary>The names in <see cref="JsonMetadata"/> whose values are no JSON.</summary>
    public IEnumerable<string> UnreadableMetadata => JsonMetadata.Where(entry => !TryConvert(entry.Value, out _)).Select(entry => entry.Key);

    internal Node ToMessage()
    {
        Struct metadata = new();
        metadata.Fields["NAME"] = Value.ForString(PodName);
        metadata.Fields["NAMESPACE"] = Value.ForString(PodNamespace);
        metadata.Fields["INSTANCE_IPS"] = Value.ForString(InstanceIp);
        metadata.Fields["NODE_NAME"] = Value.ForString(NodeName);
        foreach ((string key, string value) in Metadata)
        {
            metadata.Fields[key] = Value.ForString(value);
        }

        foreach ((string key, string json) in JsonMetadata)
        {
            if (TryConvert(json, out Value? value))
            {
                metadata.Fields[key] = value;
            }
        }

        return new Node { Id = Id, Metadata = metadata };
    }

    private static bool TryConvert(string json, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Value? value)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            value = Convert(document.RootElement);
            return true;
        }
        catch (JsonException)
        {
            value = null;
            return false;
        }
    }

    private static Value Convert(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => Value.ForBool(true),
        JsonValueKind.False => Value.ForBool(false),
        JsonValueKind.Number => Value.ForNumber(element.GetDouble()),
        JsonValueKind.String => Value.ForString(element.GetString()),
        JsonValueKind.Array => Value.ForList([.. element.EnumerateArray().Select(Convert)]),
        JsonValueKind.Object => ConvertObject(element),
        _ => Value.ForNull(),
    };

    private static Value ConvertObject(JsonElement element)
    {
        Struct fields = new();
        foreach (JsonProperty property in element.EnumerateObject())
        {
            fields.Fields[property.Name] = Convert(property.Value);
        }

        return Value.ForStruct(fields);
    }
}
