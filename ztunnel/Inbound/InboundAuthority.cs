using System.Globalization;
using Ambient.Mesh.Addresses;

namespace Ambient.Ztunnel.Inbound;

/// <summary>
/// The authority of a CONNECT request: an address with a port, or a host name with a port (node-proxy 2.4 step 1).
/// </summary>
internal sealed record InboundAuthority
{
    /// <summary>A DNS name is at most 253 characters; anything longer is refused.</summary>
    public const int MaxHostnameLength = 253;

    private InboundAuthority(MeshIp? ip, string? hostname, ushort port)
    {
        Ip = ip;
        Hostname = hostname;
        Port = port;
    }

    /// <summary>Set exactly when <see cref="Hostname"/> is not.</summary>
    public MeshIp? Ip { get; }

    public string? Hostname { get; }

    public ushort Port { get; }

    /// <summary>Needs a host and a port from 0 to 65535; IPv6 must be in brackets. Userinfo, blanks and paths are refused.</summary>
    public static bool TryParse(string text, out InboundAuthority? authority)
    {
        authority = null;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !TryParsePort(text.AsSpan(colon + 1), out ushort port))
        {
            return false;
        }

        ReadOnlySpan<char> host = text.AsSpan(0, colon);
        if (host is ['[', .. var bracketed, ']'])
        {
            authority = MeshIp.TryParse(bracketed, out MeshIp v6) && v6.IsIPv6 ? new InboundAuthority(Canonical(v6), null, port) : null;
        }
        else if (MeshIp.TryParse(host, out MeshIp ip) && ip.IsIPv4)
        {
            authority = new InboundAuthority(ip, null, port);
        }
        else if (IsHostname(host))
        {
            authority = new InboundAuthority(null, host.ToString(), port);
        }

        return authority is not null;
    }

    public override string ToString() => Ip is { } ip ? ip.WithPort(Port).ToString() : $"{Hostname}:{Port}";

    // The connection's own address is canonical (node-proxy 2.2), so what it is compared with must be, too.
    private static MeshIp Canonical(MeshIp ip) => MeshIp.From(ip.ToIPAddress());

    private static bool TryParsePort(ReadOnlySpan<char> digits, out ushort port)
    {
        port = 0;
        return digits.Length is >= 1 and <= 5 && ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out port);
    }

    private static bool IsHostname(ReadOnlySpan<char> host)
    {
        if (host.Length > MaxHostnameLength)
        {
            return false;
        }

        foreach (char character in host)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '.' or '_' or '*'))
            {
                return false;
            }
        }

        return true;
    }
}
