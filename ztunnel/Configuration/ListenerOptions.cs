using System.Net;

namespace Ambient.Ztunnel.Configuration;

/// <summary>Where the data path listens (node-proxy 2.1).</summary>
/// <param name="OriginalSource">True: must work; false: never; null: used where the kernel permits it (node-proxy 2.6).</param>
internal sealed record ListenerOptions(
    IPEndPoint Outbound,
    IPEndPoint InboundPlaintext,
    IPEndPoint Inbound,
    IReadOnlyList<LocalForward> Forwards,
    bool Ipv6Enabled,
    bool? OriginalSource)
{
    public const int OutboundPort = 15001;
    public const int InboundPlaintextPort = 15006;
    public const int InboundPort = 15008;
    public const int Socks5Port = 15080;
    public const int MaxForwards = 1024;

    /// <summary>Ports that must never be connected to as an application: that would be a call to ourselves.</summary>
    public IReadOnlySet<int> OwnPorts => Socks is null
        ? new HashSet<int> { Outbound.Port, InboundPlaintext.Port, Inbound.Port }
        : new HashSet<int> { Outbound.Port, InboundPlaintext.Port, Inbound.Port, Socks.Port };

    /// <summary>The SOCKS5 listener; null is none.</summary>
    public IPEndPoint? Socks { get; init; }

    public static ListenerOptions Read(SettingReader reader)
    {
        bool ipv6 = reader.Boolean(SettingNames.Ipv6Enabled, true);
        IPAddress any = ipv6 ? IPAddress.IPv6Any : IPAddress.Any;
        var options = new ListenerOptions(
            reader.EndPoint(SettingNames.OutboundAddress, new IPEndPoint(any, OutboundPort)),
            reader.EndPoint(SettingNames.InboundPlaintextAddress, new IPEndPoint(any, InboundPlaintextPort)),
            reader.EndPoint(SettingNames.InboundAddress, new IPEndPoint(any, InboundPort)),
            ReadForwards(reader),
            ipv6,
            reader.OptionalBoolean(SettingNames.EnableOriginalSource))
        {
            Socks = ReadSocks(reader),
        };
        RefuseSharedPorts(reader, options);
        return options;
    }

    private static IPEndPoint? ReadSocks(SettingReader reader)
    {
        IPEndPoint address = reader.EndPoint(SettingNames.Socks5Address, new IPEndPoint(IPAddress.Loopback, Socks5Port));
        return reader.Boolean(SettingNames.EnableSocks5, false) ? address : null;
    }

    private static List<LocalForward> ReadForwards(SettingReader reader)
    {
        var forwards = new List<LocalForward>();
        string? text = reader.OptionalText(SettingNames.Forward);
        if (text is null)
        {
            return forwards;
        }

        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (LocalForward.Parse(part) is { } forward)
            {
                forwards.Add(forward);
            }
            else
            {
                reader.Refuse(SettingNames.Forward, $"'{part}' is not LOCAL=DESTINATION, both ADDRESS:PORT");
            }
        }

        if (forwards.Count > MaxForwards)
        {
            reader.Refuse(SettingNames.Forward, $"at most {MaxForwards} forwards");
        }

        return forwards;
    }

    private static void RefuseSharedPorts(SettingReader reader, ListenerOptions options)
    {
        if (options.Outbound.Port != 0 && options.Outbound.Equals(options.Inbound))
        {
            reader.Refuse(SettingNames.InboundAddress, "the outbound listener has the same address");
        }

        if (options.InboundPlaintext.Port != 0
            && (options.InboundPlaintext.Equals(options.Inbound) || options.InboundPlaintext.Equals(options.Outbound)))
        {
            reader.Refuse(SettingNames.InboundPlaintextAddress, "another listener has the same address");
        }
    }
}
