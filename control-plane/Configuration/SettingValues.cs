using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Ambient.Mesh.Addresses;
using Microsoft.Extensions.Logging;

namespace Ambient.ControlPlane.Configuration;

/// <summary>Reads the values of settings. Pure; each throws <see cref="FormatException"/> with what the value must be.</summary>
public static class SettingValues
{
    private const string Off = "off";

    /// <summary>Every address of the machine: both families where it has both.</summary>
    public static IPAddress Everywhere => Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;

    /// <summary>As Go's <c>ParseBool</c> reads them, since manifests are written for that.</summary>
    public static bool Switch(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw new FormatException("must be true or false"),
    };

    public static string Text(string text) =>
        text.Length > 0 && !text.Any(char.IsWhiteSpace) ? text : throw new FormatException("must be a word without blanks");

    /// <summary><c>address:port</c>, <c>:port</c> for every address, or <c>off</c>.</summary>
    public static IPEndPoint? Address(string text)
    {
        if (text is Off or "")
        {
            return null;
        }

        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? string.Empty : text[..colon].Trim('[', ']');
        bool isPort = ushort.TryParse(colon < 0 ? string.Empty : text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port);
        IPAddress? address = host switch
        {
            "" => Everywhere,
            "localhost" => IPAddress.Loopback,
            _ => IPAddress.TryParse(host, out IPAddress? parsed) ? parsed : null,
        };
        return isPort && colon >= 0 && address is not null
            ? new IPEndPoint(address, port)
            : throw new FormatException("must be address:port, :port for every address, or off");
    }

    public static IpPrefix Prefix(string text) =>
        IpPrefix.TryParse(text, out IpPrefix prefix) ? prefix : throw new FormatException("must be a range such as 240.240.0.0/16");

    public static ImmutableArray<string> List(string text)
    {
        ImmutableArray<string> items = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        return items.IsEmpty ? throw new FormatException("must be a list with commas, of one at least") : items;
    }

    /// <summary><c>info</c>, or <c>default:info</c> as istiod's charts say it.</summary>
    public static LogLevel Level(string text) => text.Split(':') switch
    {
        ["debug"] or ["default" or "all", "debug"] => LogLevel.Debug,
        ["info"] or ["default" or "all", "info"] => LogLevel.Information,
        ["warn"] or ["default" or "all", "warn"] => LogLevel.Warning,
        ["error"] or ["default" or "all", "error"] => LogLevel.Error,
        _ => throw new FormatException("must be debug, info, warn or error"),
    };
}
