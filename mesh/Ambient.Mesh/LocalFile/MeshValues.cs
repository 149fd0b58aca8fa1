using System.Globalization;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;
using YamlDotNet.Core;

namespace Ambient.Mesh.LocalFile;

/// <summary>Readers of the value forms that several objects share (node-proxy 9.6).</summary>
internal static class MeshValues
{
    private static readonly ObjectSchema<GatewayDraft> GatewaySchema = new("a gateway reference", ["destination", "hboneMtlsPort"], new()
    {
        ["destination"] = static (reader, draft) => draft.Destination = reader.ReadText("destination"),
        ["hboneMtlsPort"] = static (reader, draft) => draft.Port = reader.ReadPort("hboneMtlsPort"),
    });

    public static MeshIp? ReadIp(YamlReader reader)
    {
        Mark where = reader.Position;
        if (reader.ReadText("an address") is not { } text)
        {
            return null;
        }

        if (MeshIp.TryParse(text, out MeshIp ip))
        {
            return ip;
        }

        reader.Report(where, $"{YamlReader.Quote(text)} is not an IPv4 or IPv6 address");
        return null;
    }

    public static IpPrefix? ReadPrefix(YamlReader reader)
    {
        Mark where = reader.Position;
        if (reader.ReadText("an address block") is not { } text)
        {
            return null;
        }

        if (IpPrefix.TryParse(text, out IpPrefix prefix))
        {
            return prefix;
        }

        reader.Report(where, $"{YamlReader.Quote(text)} is not a block such as 10.0.0.0/8 or fd00::/64 (one address is 10.0.0.1/32)");
        return null;
    }

    public static NetworkAddress? ReadNetworkAddress(YamlReader reader)
    {
        Mark where = reader.Position;
        if (reader.ReadText("an address") is not { } text)
        {
            return null;
        }

        if (NetworkAddress.TryParse(text, out NetworkAddress address))
        {
            return address with { Network = reader.Strings.Intern(address.Network) };
        }

        reader.Report(where, $"{YamlReader.Quote(text)} is not network/address, e.g. \"/10.0.0.1\" on the default network");
        return null;
    }

    public static ServiceKey? ParseServiceKey(YamlReader reader, Mark where, string text)
    {
        if (ServiceKey.TryParse(text, out ServiceKey key))
        {
            return new ServiceKey(reader.Strings.Intern(key.Namespace), reader.Strings.Intern(key.Hostname));
        }

        reader.Report(where, $"{YamlReader.Quote(text)} is not namespace/hostname");
        return null;
    }

    /// <summary>Null stands for absent.</summary>
    public static GatewayAddress? ReadGateway(YamlReader reader) => reader.SkipNull() ? null : ReadRequiredGateway(reader);

    public static GatewayAddress? ReadRequiredGateway(YamlReader reader)
    {
        Mark where = reader.Position;
        GatewayDraft draft = new();
        if (!reader.ReadObject(GatewaySchema, draft) || draft.Destination is not { } destination || draft.Port is not { } port)
        {
            return null;
        }

        if (NetworkAddress.TryParse(destination, out NetworkAddress address))
        {
            return GatewayAddress.ByAddress(address with { Network = reader.Strings.Intern(address.Network) }, port);
        }

        return ParseServiceKey(reader, where, destination) is { } hostname ? GatewayAddress.ByHostname(hostname, port) : null;
    }

    /// <summary>A mapping of service port to target port.</summary>
    public static PortMap ReadPortMap(YamlReader reader, string what)
    {
        Dictionary<ushort, ushort> ports = [];
        reader.ReadMapping(what, (key, where) =>
        {
            if (!ushort.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out ushort servicePort))
            {
                reader.Report(where, $"{what}: {YamlReader.Quote(key)} is not a port");
                reader.Skip();
            }
            else if (reader.ReadPort($"{what}: target of port {servicePort}") is { } target && !ports.TryAdd(servicePort, target))
            {
                reader.Report(where, $"{what}: port {servicePort} occurs twice");
            }
        });
        return PortMap.Create(ports.Select(pair => new PortMapping(pair.Key, pair.Value)));
    }

    private sealed class GatewayDraft
    {
        public string? Destination { get; set; }

        public ushort? Port { get; set; }
    }
}
