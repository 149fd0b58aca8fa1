using Ambient.Transport.Lifetime;

namespace Ambient.Transport.Copying;

/// <summary>How a copied connection ended; null is an end that counts as success (node-proxy 1.5).</summary>
public readonly record struct CopyResult(ConnectionFailure? Failure);
