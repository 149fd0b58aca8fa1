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

    private const string ClusterControlPlane = "https://istiod.istio-system.svc:15012";

    /// <summary>Whether a control plane is the source; a local mesh wins over one.</summary>
    public bool UsesControlPlane => LocalPath is null && LocalText is null && XdsAddress is not null;

    /// <param name="reader">The settings.</param>
    /// <param name="proxyConfig">Names a control plane too.</param>
    /// <param name="isDnsEnabled">Then the whole mesh must be known.</param>
    public static MeshSourceOptions Read(SettingReader reader, ProxyConfigFile proxyConfig, bool isDnsEnabled)
    {
        string? path = reader.OptionalText(SettingNames.LocalXdsPath);
        string? text = reader.OptionalText(SettingNames.LocalXds);
        if (path is not null && text is not null)
        {
            reader.RefuseWithoutValue(SettingNames.LocalXds, "LOCAL_XDS_PATH is given too; keep one of them");
        }

        bool isOnDemand = reader.Boolean(SettingNames.XdsOnDemand, false);
        if (isOnDemand && isDnsEnabled)
        {
            reader.Refuse(SettingNames.XdsOnDemand, "DNS proxy does not currently support on-demand mode, it answers from the whole mesh: set it to false, or ISTIO_META_DNS_CAPTURE to false");
        }

        return new MeshSourceOptions(
            path,
            text,
            ReadAddress(reader, proxyConfig, isLocal: path is not null || text is not null),
            isOnDemand,
            reader.Text(SettingNames.XdsRootCa, DefaultRootCa),
            reader.OptionalText(SettingNames.AltXdsHostname),
            HeaderSettings.Read(reader, SettingNames.XdsHeaderPrefix));
    }

    /// <summary>An empty address says that no mesh is wanted; a missing one means the cluster's control plane (node-proxy 3.1).</summary>
    private static string? ReadAddress(SettingReader reader, ProxyConfigFile proxyConfig, bool isLocal)
    {
        if (reader.Source.Find(SettingNames.XdsAddress) is not null)
        {
            return ServiceAddress.ReadUrl(reader, SettingNames.XdsAddress);
        }

        if (proxyConfig.DiscoveryAddress is { Length: > 0 } discovery)
        {
            return ServiceAddress.ParseUrl(reader, SettingNames.XdsAddress, discovery);
        }

        bool isInCluster = reader.OptionalText(SettingNames.KubernetesServiceHost) is not null;
        if (!isLocal && !isInCluster)
        {
            reader.Refuse(
                SettingNames.LocalXdsPath,
                "missing: give --local-xds-path FILE with workloads, services and policies, or --xds-address https://HOST:PORT of a control plane");
        }

        return isInCluster && !isLocal ? ClusterControlPlane : null;
    }
}
