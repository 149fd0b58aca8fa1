using System.Collections.Concurrent;

namespace Ambient.Certs.Revocation;

/// <summary>One certificate revocation list (RFC 5280 5). It counts only where the key of a path's issuer has signed it.</summary>
internal sealed class RevocationList
{
    /// <summary>More issuers of one name than this are not remembered, only asked again.</summary>
    private const int MaxRemembered = 64;

    private readonly IReadOnlySet<SerialNumber> _revoked;
    private readonly SignedContent _content;
    private readonly ConcurrentDictionary<IssuerKey, bool> _signers = new();

    public RevocationList(byte[] issuerName, IReadOnlySet<SerialNumber> revoked, SignedContent content)
    {
        IssuerName = issuerName;
        _revoked = revoked;
        _content = content;
    }

    /// <summary>DER.</summary>
    public byte[] IssuerName { get; }

    public int Count => _revoked.Count;

    public bool Revokes(CertificateLink certificate) => _revoked.Contains(certificate.Serial) && IsFrom(certificate.Issuer);

    /// <summary>The signature is checked once an issuer; an expired list still counts (node-proxy 5.6).</summary>
    private bool IsFrom(IssuerKey issuer)
    {
        if (_signers.TryGetValue(issuer, out bool known))
        {
            return known;
        }

        bool isSigner = issuer.Name.AsSpan().SequenceEqual(IssuerName) && _content.IsSignedBy(issuer.PublicKey);
        if (_signers.Count < MaxRemembered)
        {
            _signers[issuer] = isSigner;
        }

        return isSigner;
    }
}
