namespace Ambient.Ztunnel.Configuration;

/// <summary>The HTTP listeners that are not part of the data path (node-proxy 2.1).</summary>
internal sealed record AdminOptions(BindAddress Admin, BindAddress Stats, BindAddress Readiness, bool Ipv6Enabled)
{
    private const int AdminPort = 15000;
    private const int StatsPort = 15020;
    private const int ReadinessPort = 15021;

    public static AdminOptions Read(SettingReader reader, ProxyConfigFile proxyConfig, bool ipv6Enabled) => new(
        ReadAddress(reader, SettingNames.AdminAddress, BindAddress.Localhost(proxyConfig.AdminPort ?? AdminPort)),
        ReadAddress(reader, SettingNames.StatsAddress, BindAddress.Any(proxyConfig.StatsPort ?? StatsPort)),
        ReadAddress(reader, SettingNames.ReadinessAddress, BindAddress.Any(ReadinessPort)),
        ipv6Enabled);

    private static BindAddress ReadAddress(SettingReader reader, string name, BindAddress fallback)
    {
        if (reader.Source.Find(name) is not { } value)
        {
            return fallback;
        }

        if (BindAddress.TryParse(value.Text, out BindAddress? address))
        {
            return address!;
        }

        reader.Refuse(name, "use localhost:PORT, *:PORT or ADDRESS:PORT");
        return fallback;
    }
}
