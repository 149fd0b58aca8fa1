namespace Ambient.Certs.Revocation;

/// <summary>What revocation did on one side of the proxy, for metrics (node-proxy 5.6).</summary>
/// <param name="Rejections">Handshakes refused and connections torn down.</param>
/// <param name="Untracked">Connections that could not be put under watch.</param>
public readonly record struct RevocationCounts(long Rejections, long Untracked);
