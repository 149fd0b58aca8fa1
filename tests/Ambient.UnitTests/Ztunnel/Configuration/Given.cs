using Ambient.Ztunnel.Configuration;

namespace Ambient.UnitTests.Ztunnel.Configuration;

/// <summary>Settings that are enough to start in dedicated mode, and what a test adds to them.</summary>
internal static class Given
{
    private static readonly (string Name, string Value)[] Enough =
    [
        ("PROXY_MODE", "dedicated"),
        ("PROXY_WORKLOAD_INFO", "shop/web-0/web"),
        ("LOCAL_XDS_PATH", "mesh.yaml"),
        ("AMBIENT_LOCAL_ROOT", "/tmp/root"),
    ];

    public static OptionsResult Read(params (string Name, string Value)[] added) => ReadWith(null, 8, added);

    public static OptionsResult ReadWith(string? meshFile, int processors, params (string Name, string Value)[] added)
    {
        Dictionary<string, string> values = Enough.ToDictionary(pair => pair.Name, pair => pair.Value);
        foreach ((string name, string value) in added)
        {
            values[name] = value;
        }

        return ZtunnelOptions.Read(
            new SettingSource(values, new Dictionary<string, string>()), new OptionsEnvironment(meshFile, processors));
    }

    /// <summary>Reads exactly these settings.</summary>
    public static OptionsResult ReadOnly(params (string Name, string Value)[] settings) =>
        ZtunnelOptions.Read(SettingSource.Of(settings), new OptionsEnvironment(null, 8));

    public static ZtunnelOptions Options(params (string Name, string Value)[] added)
    {
        OptionsResult result = Read(added);
        return result.Options ?? throw new InvalidOperationException(string.Join("\n", result.Errors));
    }
}
