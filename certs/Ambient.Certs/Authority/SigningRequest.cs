using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Mesh.Identities;

namespace Ambient.Certs.Authority;

/// <summary>A new P-256 key and the request to certify it for one identity (node-proxy 5.2). Disposing clears the key.</summary>
internal sealed class SigningRequest : IDisposable
{
    private readonly ECDsa _key;

    /// <exception cref="CertificateFetchException">The identity cannot be put into a certificate.</exception>
    public SigningRequest(SpiffeId identity)
    {
        string name = IdentityNames.Require(identity);
        _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName(""), _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(UriNames.Build(name));
        Pem = request.CreateSigningRequestPem();
    }

    public string Pem { get; }

    /// <summary>DER, to be compared with what comes back.</summary>
    public byte[] ExportPublicKey() => _key.ExportSubjectPublicKeyInfo();

    /// <summary>PKCS#8 DER; the caller clears it.</summary>
    public byte[] ExportPrivateKey() => _key.ExportPkcs8PrivateKey();

    public void Dispose() => _key.Dispose();
}
