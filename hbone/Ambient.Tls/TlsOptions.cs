namespace Ambient.Tls;

/// <summary>What an operator may choose about the handshake; the rest is fixed by node-proxy 1.1.1.</summary>
public sealed record TlsOptions
{
    /// <summary>The one group of COMPLIANCE_POLICY=pqc (node-proxy 1.1.1).</summary>
    public const string PostQuantumGroup = "X25519MLKEM768";

    public static TlsOptions Default { get; } = new();

    /// <summary>Offered and accepted suites, most preferred first. The accepting side decides by its own order.</summary>
    public IReadOnlyList<TlsSuite> Suites { get; init; } = [TlsSuite.Aes256GcmSha384, TlsSuite.Aes128GcmSha256];

    /// <summary>
    /// Key exchange groups by OpenSSL name, most preferred first. The finite field groups and P-521 stay out by default:
    /// a peer could choose them to make every handshake cost milliseconds.
    /// </summary>
    public IReadOnlyList<string> Groups { get; init; } = ["X25519", "P-256", "P-384"];

    /// <summary>The clock that certificates are checked against.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Asked about every peer with a valid chain; null where no revocation lists are kept.</summary>
    public TlsRevocationCheck? RevocationCheck { get; init; }
}
