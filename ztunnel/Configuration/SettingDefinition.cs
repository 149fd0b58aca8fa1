namespace Ambient.Ztunnel.Configuration;

/// <summary>One row of node-proxy 9.8: the environment name, from which the flag follows.</summary>
internal sealed record SettingDefinition(string Name, SettingArea Area, string Default, string Accepted, string Meaning)
{
    private const string OwnPrefix = "AMBIENT_";

    /// <summary>May be given several times as a flag, and as a comma list in the environment.</summary>
    public bool IsList { get; init; }

    public string Flag => FlagOf(Name);

    public static string FlagOf(string name)
    {
        string bare = name.StartsWith(OwnPrefix, StringComparison.Ordinal) ? name[OwnPrefix.Length..] : name;
        return "--" + bare.ToLowerInvariant().Replace('_', '-');
    }
}
