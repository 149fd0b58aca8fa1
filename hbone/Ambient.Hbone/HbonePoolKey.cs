using System.Net;

namespace Ambient.Hbone;

/// <summary>
/// What two app connections must have in common to share a tunnel (node-proxy 1.6). The order of the expected identities matters: it is the
/// order in which they were configured, and a change of it is a change of the peer's description.
/// </summary>
public sealed class HbonePoolKey : IEquatable<HbonePoolKey>
{
    private readonly int _hash;

    /// <param name="sourceIdentity">SPIFFE URI that the tunnel presents.</param>
    /// <param name="expectedIdentities">SPIFFE URIs of which the peer must present one.</param>
    /// <param name="destination">Address of the peer's HBONE port.</param>
    /// <param name="source">Address of the application, so that two pods of one account never share a tunnel.</param>
    public HbonePoolKey(string sourceIdentity, IReadOnlyList<string> expectedIdentities, IPEndPoint destination, IPAddress source)
    {
        SourceIdentity = sourceIdentity;
        ExpectedIdentities = expectedIdentities;
        Destination = destination;
        Source = source;
        HashCode hash = default;
        hash.Add(sourceIdentity, StringComparer.Ordinal);
        hash.Add(destination);
        hash.Add(source);
        hash.Add(expectedIdentities.Count);
        _hash = hash.ToHashCode();
    }

    public string SourceIdentity { get; }

    public IReadOnlyList<string> ExpectedIdentities { get; }

    public IPEndPoint Destination { get; }

    public IPAddress Source { get; }

    public bool Equals(HbonePoolKey? other) =>
        other is not null
        && _hash == other._hash
        && SourceIdentity == other.SourceIdentity
        && Destination.Equals(other.Destination)
        && Source.Equals(other.Source)
        && ExpectedIdentities.SequenceEqual(other.ExpectedIdentities, StringComparer.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as HbonePoolKey);

    public override int GetHashCode() => _hash;
}
