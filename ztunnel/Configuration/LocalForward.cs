using System.Net;

namespace Ambient.Ztunnel.Configuration;

/// <summary>A stand-in for redirection: connections accepted on Local are treated as captured on the way to Destination.</summary>
internal sealed record LocalForward(IPEndPoint Local, IPEndPoint Destination)
{
    public static LocalForward? Parse(string text)
    {
        int equals = text.IndexOf('=');
        return equals > 0
            && EndPointText.TryParse(text.AsSpan(0, equals), out IPEndPoint? local)
            && EndPointText.TryParse(text.AsSpan(equals + 1), out IPEndPoint? destination)
            && destination.Port != 0
                ? new LocalForward(local, destination)
                : null;
    }

    public override string ToString() => $"{Local}={Destination}";
}
