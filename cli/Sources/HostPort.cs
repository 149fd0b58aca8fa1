using System.Globalization;

namespace Ambient.Cli.Sources;

/// <summary>Where a server is.</summary>
internal readonly record struct HostPort(string Host, int Port)
{
    public Uri Page(string pathAndQuery) => new($"http://{this}{pathAndQuery}");

    /// <summary>HOST:PORT, [IPV6]:PORT or HOST alone.</summary>
    /// <exception cref="CommandException">It is neither.</exception>
    public static HostPort Parse(string text, int defaultPort, string option)
    {
        if (Uri.TryCreate($"http://{text}", UriKind.Absolute, out Uri? uri)
            && uri is { PathAndQuery: "/", Fragment.Length: 0, UserInfo.Length: 0, Port: > 0 }
            && !text.EndsWith('/'))
        {
            // A port that is not written is that of the web here, which nobody means.
            bool hasPort = text.EndsWith($":{uri.Port.ToString(CultureInfo.InvariantCulture)}", StringComparison.Ordinal);
            return new HostPort(uri.Host, hasPort ? uri.Port : defaultPort);
        }

        throw new CommandException(
            $"{option} '{Text.Printable.Of(text)}' is not HOST:PORT",
            $"Write it like localhost:{defaultPort.ToString(CultureInfo.InvariantCulture)} or [::1]:{defaultPort.ToString(CultureInfo.InvariantCulture)}, without http:// and path.");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
