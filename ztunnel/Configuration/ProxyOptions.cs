namespace Ambient.Ztunnel.Configuration;

/// <summary>Who this proxy is and how it answers.</summary>
/// <param name="Enabled">False runs the DNS proxy alone.</param>
/// <param name="DedicatedWorkload">Set in dedicated mode, and only then.</param>
/// <param name="Self">The proxy's own pod; set when pod name, namespace and service account are all given (node-proxy 2.7).</param>
internal sealed record ProxyOptions(
    bool Enabled,
    ProxyMode Mode,
    WorkloadInfo? DedicatedWorkload,
    WorkloadInfo? Self,
    string Network,
    string? NodeName,
    string ClusterId,
    string ClusterDomain,
    string TrustDomain,
    string PodName,
    string PodNamespace,
    string? InstanceIp,
    string? PreferredServiceNamespace,
    bool LocalhostAppTunnel,
    bool ResponseBaggage)
{
    public static ProxyOptions Read(SettingReader reader)
    {
        ProxyMode mode = reader.Choice(
            SettingNames.ProxyMode, ProxyMode.Shared, ("shared", ProxyMode.Shared), ("dedicated", ProxyMode.Dedicated));
        return new ProxyOptions(
            reader.Boolean(SettingNames.EnableProxy, true),
            mode,
            ReadDedicatedWorkload(reader, mode),
            ReadSelf(reader),
            reader.Text(SettingNames.Network, ""),
            reader.OptionalText(SettingNames.NodeName),
            reader.OptionalText(SettingNames.ClusterIdMetadata) ?? reader.Text(SettingNames.ClusterId, "Kubernetes"),
            reader.Text(SettingNames.ClusterDomain, "cluster.local"),
            reader.Text(SettingNames.TrustDomain, "cluster.local"),
            reader.Text(SettingNames.PodName, ""),
            reader.Text(SettingNames.PodNamespace, ""),
            ReadInstanceIp(reader),
            reader.OptionalText(SettingNames.PreferredServiceNamespace),
            reader.Boolean(SettingNames.LocalhostAppTunnel, true),
            reader.Boolean(SettingNames.EnableResponseBaggage, true));
    }

    private static WorkloadInfo? ReadDedicatedWorkload(SettingReader reader, ProxyMode mode)
    {
        string? text = reader.OptionalText(SettingNames.ProxyWorkloadInfo);
        if (mode == ProxyMode.Shared)
        {
            if (text is not null)
            {
                reader.Refuse(SettingNames.ProxyWorkloadInfo, "only read in dedicated mode; set PROXY_MODE=dedicated or remove it");
            }

            return null;
        }

        WorkloadInfo? workload = text is null ? null : WorkloadInfo.Parse(text);
        if (workload is null)
        {
            reader.Refuse(SettingNames.ProxyWorkloadInfo, "dedicated mode needs NAMESPACE/NAME/SERVICE-ACCOUNT");
        }

        return workload;
    }

    private static WorkloadInfo? ReadSelf(SettingReader reader) =>
        reader.OptionalText(SettingNames.PodName) is { } name
        && reader.OptionalText(SettingNames.PodNamespace) is { } ns
        && reader.OptionalText(SettingNames.ServiceAccount) is { } account
            ? new WorkloadInfo(name, ns, account)
            : null;

    private static string? ReadInstanceIp(SettingReader reader)
    {
        string? text = reader.OptionalText(SettingNames.InstanceIp);
        if (text is not null && !System.Net.IPAddress.TryParse(text, out _))
        {
            reader.Refuse(SettingNames.InstanceIp, "use an IP address");
        }

        return text;
    }
}
