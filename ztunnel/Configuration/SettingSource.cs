namespace Ambient.Ztunnel.Configuration;

/// <summary>Settings by environment name. A flag wins over the environment.</summary>
internal sealed class SettingSource(
    IReadOnlyDictionary<string, string> environment,
    IReadOnlyDictionary<string, string> flags)
{
    public static SettingSource Of(params (string Name, string Value)[] environment) => new(
        environment.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal),
        new Dictionary<string, string>());

    public SettingValue? Find(string name)
    {
        if (flags.TryGetValue(name, out string? flag))
        {
            return new SettingValue(flag, SettingOrigin.Flag);
        }

        return environment.TryGetValue(name, out string? text) ? new SettingValue(text, SettingOrigin.Environment) : null;
    }

    /// <summary>The environment's values whose name starts with the prefix, under the rest of the name, in name order.</summary>
    public IReadOnlyDictionary<string, string> WithPrefix(string prefix)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in environment)
        {
            if (name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal))
            {
                found[name[prefix.Length..]] = value;
            }
        }

        return found;
    }

    /// <summary>Adds ISTIO_META_* values from the proxy configuration below those of the environment.</summary>
    public SettingSource WithMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        var merged = new Dictionary<string, string>(environment, StringComparer.Ordinal);
        foreach ((string name, string value) in metadata)
        {
            merged.TryAdd(SettingNames.MetadataPrefix + name, value);
        }

        return new SettingSource(merged, flags);
    }
}
