using System.Net;

namespace Ambient.Ztunnel.Configuration;

/// <summary>The DNS proxy of every pod (node-proxy 8.1).</summary>
/// <param name="Enabled">Whether pods have one.</param>
/// <param name="Address">Where it listens; <c>localhost:PORT</c> is both loopback addresses.</param>
/// <param name="ResolverPath">The file that names the upstream resolvers, for pods and for the proxy itself.</param>
internal sealed record DnsOptions(bool Enabled, BindAddress Address, string ResolverPath)
{
    public const int Port = 15053;

    public static DnsOptions Read(SettingReader reader, bool isProxyEnabled)
    {
        string capture = reader.Text(SettingNames.DnsCapture, "true");
        BindAddress address = BindAddress.Localhost(Port);
        if (reader.OptionalText(SettingNames.DnsProxyAddress) is { } text)
        {
            if (!BindAddress.TryParse(text, out BindAddress? given) || given!.Port == 0
                || given.Scope == BindScope.Any || given.Address is { } ip && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)))
            {
                reader.Refuse(SettingNames.DnsProxyAddress, "use localhost:PORT or ADDRESS:PORT; answers come from one address, so none that stands for all");
            }
            else
            {
                address = given;
            }
        }

        bool isEnabled = string.Equals(capture, "true", StringComparison.OrdinalIgnoreCase);
        if (!isEnabled && !isProxyEnabled)
        {
            reader.Refuse(SettingNames.EnableProxy, $"nothing is left to run, {SettingNames.DnsCapture} turns DNS off too; set one of them to true");
        }

        return new DnsOptions(
            isEnabled,
            address,
            reader.Text(SettingNames.ResolverFile, "/etc/resolv.conf"));
    }
}
