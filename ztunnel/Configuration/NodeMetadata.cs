using System.Text.Json;

namespace Ambient.Ztunnel.Configuration;

/// <summary>What the node tells the control plane about itself (node-proxy 3.2).</summary>
/// <param name="Values">Without the ISTIO_META_ prefix; environment over PROXY_CONFIG over the mesh file.</param>
/// <param name="JsonValues">ISTIO_METAJSON_* without the prefix, each known to be JSON.</param>
internal sealed record NodeMetadata(IReadOnlyDictionary<string, string> Values, IReadOnlyDictionary<string, string> JsonValues)
{
    public static NodeMetadata Read(SettingReader reader, ProxyConfigFile proxyConfig)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in proxyConfig.Metadata)
        {
            values[name] = value;
        }

        foreach ((string name, string value) in reader.Source.WithPrefix(SettingNames.MetadataPrefix))
        {
            values[name] = value;
        }

        IReadOnlyDictionary<string, string> json = reader.Source.WithPrefix(SettingNames.JsonMetadataPrefix);
        foreach ((string name, string value) in json)
        {
            if (!IsJson(value))
            {
                reader.Refuse(SettingNames.JsonMetadataPrefix + name, "use a JSON value");
            }
        }

        return new NodeMetadata(values, json);
    }

    private static bool IsJson(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
