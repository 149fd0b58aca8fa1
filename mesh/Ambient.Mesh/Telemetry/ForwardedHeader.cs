using System.Net;
using System.Text;

namespace Ambient.Mesh.Telemetry;

/// <summary>The <c>forwarded</c> request header of a tunnel (node-proxy 1.3.2, 1.3.4).</summary>
public static class ForwardedHeader
{
    public const string Name = "forwarded";

    private const string HostKey = "host=";

    /// <summary>Names the application's socket and, if known and fit for a header, the service that it asked for.</summary>
    public static string Format(IPEndPoint application, string? serviceHostname) =>
        IsPlain(serviceHostname) ? $"for=\"{application}\";host={serviceHostname}" : $"for=\"{application}\"";

    /// <summary>
    /// The host part, or null when there is none, it is empty, or the header is not ASCII. One quote at either end is dropped.
    /// </summary>
    public static string? ParseHost(string? value)
    {
        if (value is null || !Ascii.IsValid(value))
        {
            return null;
        }

        foreach (Range range in value.AsSpan().Split(';'))
        {
            ReadOnlySpan<char> part = value.AsSpan(range).Trim();
            if (part.StartsWith(HostKey, StringComparison.Ordinal))
            {
                ReadOnlySpan<char> host = part[HostKey.Length..];
                host = host is ['"', ..] ? host[1..] : host;
                host = host is [.., '"'] ? host[..^1] : host;
                return host.IsEmpty ? null : host.ToString();
            }
        }

        return null;
    }

    private static bool IsPlain(string? hostname) =>
        !string.IsNullOrEmpty(hostname) && !hostname.AsSpan().ContainsAnyExceptInRange('!', '~') && !hostname.AsSpan().ContainsAny(';', '"');
}
