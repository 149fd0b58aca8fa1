using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Ambient.Ztunnel.Configuration;

/// <summary>
/// The proxy configuration of node-proxy 9.8: <c>defaultConfig</c> of the mesh file, overridden key by key by PROXY_CONFIG.
/// Keys that other proxies read are left alone.
/// </summary>
internal sealed record ProxyConfigFile(
    string? DiscoveryAddress,
    int? AdminPort,
    int? StatsPort,
    int? Concurrency,
    IReadOnlyDictionary<string, string> Metadata)
{
    public const string MeshPath = "./etc/istio/config/mesh";

    private const int MaxTextLength = 1 << 20;

    public static ProxyConfigFile Merge(SettingSource source, string? meshFile, out IReadOnlyList<SettingError> errors)
    {
        var found = new List<SettingError>();
        YamlMappingNode? mesh = Parse(meshFile, MeshPath, found);
        YamlMappingNode? defaults = mesh is null ? null : Child(mesh, "defaultConfig") as YamlMappingNode;
        YamlMappingNode? own = Parse(source.Find(SettingNames.ProxyConfig)?.Text, SettingNames.ProxyConfig, found);
        ProxyConfigFile below = Read(defaults, MeshPath, found);
        ProxyConfigFile above = Read(own, SettingNames.ProxyConfig, found);
        errors = found;
        return new ProxyConfigFile(
            above.DiscoveryAddress ?? below.DiscoveryAddress,
            above.AdminPort ?? below.AdminPort,
            above.StatsPort ?? below.StatsPort,
            above.Concurrency ?? below.Concurrency,
            Overlay(below.Metadata, above.Metadata));
    }

    private static ProxyConfigFile Read(YamlMappingNode? node, string origin, List<SettingError> errors) => new(
        Scalar(node, "discoveryAddress"),
        Number(node, "proxyAdminPort", ushort.MaxValue, origin, errors),
        Number(node, "statsPort", ushort.MaxValue, origin, errors),
        Number(node, "concurrency", short.MaxValue, origin, errors),
        ReadMetadata(node));

    private static YamlMappingNode? Parse(string? text, string origin, List<SettingError> errors)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        YamlNode? root = YamlText.Load(text, MaxTextLength, out string? error);
        if (root is YamlMappingNode mapping)
        {
            return mapping;
        }

        errors.Add(new SettingError(origin, null, error ?? "must be one YAML or JSON object"));
        return null;
    }

    private static SortedDictionary<string, string> ReadMetadata(YamlMappingNode? node)
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (node is not null && Child(node, "proxyMetadata") is YamlMappingNode entries)
        {
            foreach ((YamlNode key, YamlNode value) in entries)
            {
                if (key is YamlScalarNode { Value: { } name } && value is YamlScalarNode { Value: { } text })
                {
                    bool isPrefixed = name.StartsWith(SettingNames.MetadataPrefix, StringComparison.Ordinal);
                    metadata[isPrefixed ? name[SettingNames.MetadataPrefix.Length..] : name] = text;
                }
            }
        }

        return metadata;
    }

    private static SortedDictionary<string, string> Overlay(
        IReadOnlyDictionary<string, string> below, IReadOnlyDictionary<string, string> above)
    {
        var merged = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in below.Concat(above))
        {
            merged[name] = value;
        }

        return merged;
    }

    private static int? Number(YamlMappingNode? node, string key, int highest, string origin, List<SettingError> errors)
    {
        string? text = Scalar(node, key);
        if (text is null)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= highest)
        {
            return number;
        }

        errors.Add(new SettingError($"{key} in {origin}", text, $"use a whole number from 0 to {highest}"));
        return null;
    }

    private static string? Scalar(YamlMappingNode? node, string key) => node is null ? null : (Child(node, key) as YamlScalarNode)?.Value;

    private static YamlNode? Child(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? child) ? child : null;
}
