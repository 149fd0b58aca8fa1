using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Ambient.Ztunnel.Configuration;

/// <summary>
/// <c>10.0.0.1:80</c> and <c>[fd00::1]:80</c>, port required. <see cref="IPEndPoint"/>'s own parser also takes an address
/// without a port and IPv4 in short or octal forms, which are more often mistakes than meant.
/// </summary>
internal static class EndPointText
{
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        endPoint = null;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            return false;
        }

        ReadOnlySpan<char> host = text[..colon];
        bool isBracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        if (isBracketed)
        {
            host = host[1..^1];
        }

        if (host.Contains('[') || host.Contains(']') || host.Contains(':') != isBracketed
            || !IPAddress.TryParse(host, out IPAddress? address) || !(isBracketed || IsFourOctets(host, address)))
        {
            return false;
        }

        endPoint = new IPEndPoint(address, port);
        return true;
    }

    private static bool IsFourOctets(ReadOnlySpan<char> host, IPAddress address) => host.SequenceEqual(address.ToString());
}
