namespace Ambient.Mesh.Identities;

/// <summary>
/// A workload identity, <c>spiffe://trust-domain/ns/namespace/sa/service-account</c>. Two identities are the same only if their full
/// strings are; nothing is normalised.
/// </summary>
public readonly record struct SpiffeId(string TrustDomain, string Namespace, string ServiceAccount)
{
    /// <summary>The SPIFFE specification's bound on an identity, in characters; longer text is not an identity.</summary>
    public const int MaxLength = 2048;

    private const string Scheme = "spiffe://";

    /// <summary>The identity without its scheme: what a policy's principals are compared with (node-proxy 4.4).</summary>
    public string Principal => $"{TrustDomain}/ns/{Namespace}/sa/{ServiceAccount}";

    /// <summary>
    /// Accepts exactly five segments after the scheme, the second "ns" and the fourth "sa". An empty name is accepted, since a
    /// workload of a local file may have no trust domain (node-proxy 9.9) and must still be comparable.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SpiffeId id)
    {
        id = default;
        if (text.Length > MaxLength || !text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> path = text[Scheme.Length..];
        Span<Range> segments = stackalloc Range[6];
        if (path.Split(segments, '/') != 5 || path[segments[1]] is not "ns" || path[segments[3]] is not "sa")
        {
            return false;
        }

        id = new SpiffeId(path[segments[0]].ToString(), path[segments[2]].ToString(), path[segments[4]].ToString());
        return true;
    }

    public override string ToString() => $"{Scheme}{Principal}";
}
