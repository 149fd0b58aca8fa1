namespace Ambient.Ztunnel.Configuration;

/// <summary>How shared mode learns of its pods.</summary>
/// <param name="ListPath">A YAML file read by <see cref="PodList"/>; null in dedicated mode.</param>
internal sealed record PodOptions(string? ListPath)
{
    public static PodOptions Read(SettingReader reader, ProxyMode mode)
    {
        string? path = reader.OptionalText(SettingNames.Pods);
        if (reader.OptionalText(SettingNames.InpodUds) is not null)
        {
            reader.Refuse(SettingNames.InpodUds, "this build does not speak with a node agent; give --pods FILE");
        }

        if (mode == ProxyMode.Shared && path is null)
        {
            reader.Refuse(SettingNames.Pods, "missing: shared mode needs --pods FILE; for one workload set PROXY_MODE=dedicated");
        }

        if (mode == ProxyMode.Dedicated && path is not null)
        {
            reader.Refuse(SettingNames.Pods, "only read in shared mode; remove it or set PROXY_MODE=shared");
        }

        return new PodOptions(path);
    }
}
