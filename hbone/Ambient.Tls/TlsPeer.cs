namespace Ambient.Tls;

/// <summary>The authenticated peer: its chain ends in one of our roots and is inside its validity.</summary>
/// <param name="LeafDer">The peer's own certificate.</param>
/// <param name="UriSans">URI names of the leaf in certificate order; one with bytes outside printable ASCII is left out.</param>
/// <param name="VerifiedChainDer">The chain as it was verified, leaf first and trust anchor last.</param>
public sealed record TlsPeer(byte[] LeafDer, IReadOnlyList<string> UriSans, IReadOnlyList<byte[]> VerifiedChainDer);
