namespace Ambient.Mesh.Services;

/// <summary>Names a service, or a gateway given by host name: <c>namespace/hostname</c>.</summary>
public readonly record struct ServiceKey(string Namespace, string Hostname)
{
    /// <summary>Splits at the first slash; without one the text is not a key (node-proxy 3.7.3).</summary>
    public static bool TryParse(string text, out ServiceKey key)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        key = slash < 0 ? default : new ServiceKey(text[..slash], text[(slash + 1)..]);
        return slash >= 0;
    }

    public override string ToString() => $"{Namespace}/{Hostname}";
}
