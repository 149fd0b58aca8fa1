namespace Ambient.Ztunnel.Configuration;

/// <summary>What the proxy sets on its data-path sockets (node-proxy 6.5, 10.5).</summary>
/// <param name="PacketMark">SO_MARK; null sets none.</param>
/// <param name="Keepalive">Null when keepalive is off.</param>
/// <param name="PortReuse">SO_REUSEPORT on pod listeners.</param>
internal sealed record SocketOptions(uint? PacketMark, KeepaliveSettings? Keepalive, bool PortReuse)
{
    /// <summary>The mark that the redirection rules exempt.</summary>
    public const uint SharedModeMark = 1337;

    public static SocketOptions Read(SettingReader reader, ProxyMode mode)
    {
        var mark = (uint?)reader.OptionalInteger(SettingNames.PacketMark, 0, uint.MaxValue);
        return new SocketOptions(
            mark ?? (mode == ProxyMode.Shared ? SharedModeMark : null),
            KeepaliveSettings.Read(reader),
            reader.Boolean(SettingNames.InpodPortReuse, true));
    }
}
