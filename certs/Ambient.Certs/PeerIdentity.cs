using Ambient.Mesh.Identities;

namespace Ambient.Certs;

/// <summary>
/// Which peers are accepted once their chain is verified. Nothing here looks at DNS or IP names. Meant to be called from the
/// TLS layer's peer check; null accepts, a text is the reason of the refusal.
/// </summary>
public static class PeerIdentity
{
    private const int MaxListed = 8;

    /// <summary>
    /// The connecting side (node-proxy 1.1.2): a URI name of the peer must be one of the expected identities, trust domain
    /// included. With no expected identity nobody is accepted.
    /// </summary>
    public static string? CheckServer(IReadOnlyList<SpiffeId> expected, IReadOnlyList<string> uriSans)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(uriSans);
        foreach (string name in uriSans)
        {
            if (SpiffeId.TryParse(name, out SpiffeId presented) && expected.Contains(presented))
            {
                return null;
            }
        }

        return $"SanError: peer presented {List(uriSans)}, expected {List([.. expected.Select(id => id.ToString())])}";
    }

    /// <summary>The accepting side (node-proxy 1.1.3): a URI name of the peer must be an identity of our own trust domain.</summary>
    public static string? CheckClient(SpiffeId ownIdentity, IReadOnlyList<string> uriSans)
    {
        ArgumentNullException.ThrowIfNull(uriSans);
        foreach (string name in uriSans)
        {
            if (SpiffeId.TryParse(name, out SpiffeId presented) && presented.TrustDomain == ownIdentity.TrustDomain)
            {
                return null;
            }
        }

        return $"SanError: peer presented {List(uriSans)}, expected an identity of trust domain '{ownIdentity.TrustDomain}'";
    }

    /// <summary>Who is calling: the first URI name that is an identity. It may be of another trust domain than the one accepted for.</summary>
    public static SpiffeId? SourceOf(IReadOnlyList<string> uriSans)
    {
        ArgumentNullException.ThrowIfNull(uriSans);
        foreach (string name in uriSans)
        {
            if (SpiffeId.TryParse(name, out SpiffeId presented))
            {
                return presented;
            }
        }

        return null;
    }

    private static string List(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "no identity",
        > MaxListed => $"{string.Join(", ", names.Take(MaxListed))} and {names.Count - MaxListed} more",
        _ => string.Join(", ", names),
    };
}
