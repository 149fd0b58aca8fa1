namespace Ambient.Ztunnel.Configuration;

/// <summary>Where workloads, services and policies come from (node-proxy 9.9, 3.1).</summary>
/// <param name="LocalPath">File that is watched; not together with <paramref name="LocalText"/>.</param>
/// <param name="XdsAddress">Null when no control plane is asked.</param>
/// <param name="XdsHeaders">Extra metadata for the control plane; values may be secrets.</param>
internal sealed record MeshSourceOptions(
    string? LocalPath,
    string? LocalText,
    string? XdsAddress,
    bool OnDemand,
    string XdsRootCa,
    string? AltXdsHostname,
    IReadOnlyDictionary<string, string> XdsHeaders)
{
    public const string DefaultRootCa = "./var/run/secrets/istio/root-cert.pem";

    public static MeshSourceOptions Read(SettingReader reader, ProxyConfigFile proxyConfig)
    {
        string? path = reader.OptionalText(SettingNames.LocalXdsPath);
        string? text = reader.OptionalText(SettingNames.LocalXds);
        if (path is not null && text is not null)
        {
            reader.RefuseWithoutValue(SettingNames.LocalXds, "LOCAL_XDS_PATH is given too; keep one of them");
        }

        string? address = reader.Source.Find(SettingNames.XdsAddress)?.Text ?? proxyConfig.DiscoveryAddress;
        if (path is null && text is null)
        {
            RefuseMissingSource(reader, address);
        }

        return new MeshSourceOptions(
            path,
            text,
            ServiceAddress.ReadUrl(reader, SettingNames.XdsAddress) ?? (string.IsNullOrEmpty(address) ? null : address),
            reader.Boolean(SettingNames.XdsOnDemand, false),
            reader.Text(SettingNames.XdsRootCa, DefaultRootCa),
            reader.OptionalText(SettingNames.AltXdsHostname),
            HeaderSettings.Read(reader, SettingNames.XdsHeaderPrefix));
    }

    /// <summary>An empty address says that no mesh is wanted; a missing one would mean the cluster's control plane.</summary>
    private static void RefuseMissingSource(SettingReader reader, string? address)
    {
        if (address is null)
        {
            reader.Refuse(SettingNames.LocalXdsPath, "missing: give --local-xds-path FILE with workloads, services and policies");
        }
        else if (address.Length > 0)
        {
            reader.Refuse(SettingNames.XdsAddress, "this build does not ask a control plane; give --local-xds-path FILE");
        }
    }
}
