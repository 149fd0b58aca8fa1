namespace Ambient.Ztunnel.Configuration;

/// <summary>What the node tells the control plane about itself (node-proxy 3.2).</summary>
/// <param name="Values">Without the ISTIO_META_ prefix; environment over PROXY_CONFIG over the mesh file.</param>
/// <param name="JsonValues">ISTIO_METAJSON_* without the prefix; a value that is no JSON is left out of what is told.</param>
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

        return new NodeMetadata(values, reader.Source.WithPrefix(SettingNames.JsonMetadataPrefix));
    }
}
