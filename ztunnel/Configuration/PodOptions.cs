using System.Text;

namespace Ambient.Ztunnel.Configuration;

/// <summary>How shared mode learns of its pods; both are null in dedicated mode, exactly one is set in shared mode.</summary>
/// <param name="ListPath">A YAML file read by <see cref="PodList"/>.</param>
/// <param name="AgentSocket">Where the node agent listens (node-proxy 6.1).</param>
internal sealed record PodOptions(string? ListPath, string? AgentSocket)
{
    public const string DefaultAgentSocket = "/var/run/ztunnel/ztunnel.sock";

    /// <summary>Of sun_path, without its terminating zero.</summary>
    private const int MaxSocketPathBytes = 107;

    public static PodOptions Read(SettingReader reader, ProxyMode mode)
    {
        string? list = reader.OptionalText(SettingNames.Pods);
        string? socket = reader.OptionalText(SettingNames.InpodUds);
        if (mode == ProxyMode.Dedicated)
        {
            if (list is not null)
            {
                reader.Refuse(SettingNames.Pods, "only read in shared mode; remove it or set PROXY_MODE=shared");
            }

            return new PodOptions(null, null);
        }

        if (list is not null && socket is not null)
        {
            reader.Refuse(SettingNames.Pods, $"{SettingNames.InpodUds} is set too; the pods come from one of them");
        }

        if (socket is not null && Encoding.UTF8.GetByteCount(socket) > MaxSocketPathBytes)
        {
            reader.Refuse(SettingNames.InpodUds, $"a socket's path has at most {MaxSocketPathBytes} bytes");
        }

        return list is not null ? new PodOptions(list, null) : new PodOptions(null, socket ?? DefaultAgentSocket);
    }
}
