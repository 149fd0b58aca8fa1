namespace Ambient.Mesh.Addresses;

/// <summary>An address inside a named network; the same address on two networks is two different things. "" is the default network.</summary>
public readonly record struct NetworkAddress(string Network, MeshIp Ip)
{
    /// <summary>Reads "network/ip", as in a configuration dump (node-proxy 9.6).</summary>
    public static bool TryParse(string text, out NetworkAddress address)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !MeshIp.TryParse(text.AsSpan(slash + 1), out MeshIp ip))
        {
            address = default;
            return false;
        }

        address = new NetworkAddress(text[..slash], ip);
        return true;
    }

    public override string ToString() => $"{Network}/{Ip}";
}
