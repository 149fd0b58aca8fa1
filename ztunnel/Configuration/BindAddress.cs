using System.Globalization;
using System.Net;

namespace Ambient.Ztunnel.Configuration;

/// <summary>Where one of the HTTP listeners binds: <c>localhost:PORT</c>, <c>*:PORT</c> or one address.</summary>
internal sealed record BindAddress(BindScope Scope, IPAddress? Address, int Port)
{
    public static BindAddress Localhost(int port) => new(BindScope.Localhost, null, port);

    public static BindAddress Any(int port) => new(BindScope.Any, null, port);

    public static bool TryParse(ReadOnlySpan<char> text, out BindAddress? address)
    {
        address = null;
        if (EndPointText.TryParse(text, out IPEndPoint? endPoint))
        {
            address = new BindAddress(BindScope.Address, endPoint.Address, endPoint.Port);
            return true;
        }

        int colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            return false;
        }

        address = text[..colon] switch
        {
            "localhost" => Localhost(port),
            "*" => Any(port),
            _ => null,
        };
        return address is not null;
    }

    public override string ToString() => Scope switch
    {
        BindScope.Localhost => $"localhost:{Port}",
        BindScope.Any => $"*:{Port}",
        _ => new IPEndPoint(Address!, Port).ToString(),
    };
}
