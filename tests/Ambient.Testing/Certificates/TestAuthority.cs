using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Testing.Certificates;

/// <summary>A root (or an intermediate) that issues test certificates. Keys are P-256.</summary>
public sealed class TestAuthority : IDisposable
{
    private const string DefaultName = "CN=Ambient test root";
    private static readonly DateTimeOffset DefaultNotBefore = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset DefaultNotAfter = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _key;
    private readonly X509Certificate2 _certificate;
    private readonly IReadOnlyList<byte[]> _chain;
    private readonly byte[] _root;

    private TestAuthority(ECDsa key, X509Certificate2 certificate, IReadOnlyList<byte[]> chain, byte[] root)
    {
        _key = key;
        _certificate = certificate;
        _chain = chain;
        _root = root;
    }

    public byte[] RootDer => _root;

    public X509Certificate2 Certificate => _certificate;

    public static TestAuthority CreateRoot(
        string subject = DefaultName, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = NewRequest(subject, key);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        X509Certificate2 certificate = request.CreateSelfSigned(notBefore ?? DefaultNotBefore, notAfter ?? DefaultNotAfter);
        return new TestAuthority(key, certificate, [], certificate.RawData);
    }

    /// <summary>Writes certificate and key, the key for its owner's eyes only, where the local issuer of ztunnels looks for its root.</summary>
    [SuppressMessage("Interoperability", "CA1416", Justification = "File modes; this runs on Linux alone")]
    public void WriteRoot(string directory)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "root-cert.pem"), _certificate.ExportCertificatePem());
        string key = Path.Combine(directory, "root-key.pem");
        File.WriteAllText(key, _key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>An intermediate; what it issues carries it in the chain.</summary>
    public TestAuthority CreateIntermediate(string subject = "CN=Ambient test intermediate", DateTimeOffset? notAfter = null)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = NewRequest(subject, key);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        using X509Certificate2 issued = request.Create(
            _certificate, DefaultNotBefore, notAfter ?? DefaultNotAfter.AddDays(-1), RandomNumberGenerator.GetBytes(16));
        return new TestAuthority(key, issued.CopyWithPrivateKey(key), [issued.RawData, .. _chain], _root);
    }

    /// <summary>Misuses a leaf as an authority, as an attacker with a workload's key would.</summary>
    public static TestAuthority FromLeaf(TestCertificate leaf)
    {
        ECDsa key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(leaf.KeyPkcs8, out _);
        return new TestAuthority(key, leaf.ToX509(), leaf.ChainDer, leaf.RootsDer[0]);
    }

    /// <summary>The authority's own certificate, used as if it were a leaf.</summary>
    public TestCertificate AsLeaf() => new([_certificate.RawData, .. _chain], _key.ExportPkcs8PrivateKey(), [_root]);

    public TestCertificate Issue(TestCertificateSpec spec)
    {
        using AsymmetricAlgorithm key = NewKey(spec);
        CertificateRequest request = key is RSA rsa
            ? new CertificateRequest(spec.Subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(spec.Subject, (ECDsa)key, HashAlgorithmName.SHA256);
        AddExtensions(request, spec);
        var generator = X509SignatureGenerator.CreateForECDsa(_key);
        using X509Certificate2 issued = request.Create(
            _certificate.SubjectName,
            generator,
            spec.NotBefore ?? DefaultNotBefore,
            spec.NotAfter ?? DefaultNotAfter.AddDays(-2),
            RandomNumberGenerator.GetBytes(16));
        return new TestCertificate([issued.RawData, .. _chain], key.ExportPkcs8PrivateKey(), [_root]);
    }

    /// <summary>Certifies the key of a request that the caller has checked. The chain of the answer is the leaf and the intermediates.</summary>
    public IReadOnlyList<byte[]> Certify(PublicKey key, X509Extension name, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var request = new CertificateRequest(new X500DistinguishedName(""), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(AuthorityKeyIdentifier());
        request.CertificateExtensions.Add(name);
        using X509Certificate2 issued = request.Create(
            _certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), notBefore, notAfter, RandomNumberGenerator.GetBytes(16));
        return [issued.RawData, .. _chain];
    }

    /// <summary>A leaf with one SPIFFE identity and the uses of a workload certificate.</summary>
    public TestCertificate Issue(string spiffeId) => Issue(new TestCertificateSpec { UriSans = [spiffeId] });

    /// <summary>This authority's revocation list, DER, naming these certificates.</summary>
    public byte[] Revoke(params IReadOnlyList<byte[]> certificatesDer)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (byte[] der in certificatesDer)
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
            builder.AddEntry(certificate);
        }

        return builder.Build(
            _certificate.SubjectName,
            X509SignatureGenerator.CreateForECDsa(_key),
            crlNumber: 1,
            DefaultNotBefore.AddYears(1),
            HashAlgorithmName.SHA256,
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false),
            DefaultNotBefore);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    private static CertificateRequest NewRequest(string subject, ECDsa key)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        return request;
    }

    private static AsymmetricAlgorithm NewKey(TestCertificateSpec spec) =>
        spec.RsaBits is { } bits ? RSA.Create(bits) : ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private X509AuthorityKeyIdentifierExtension AuthorityKeyIdentifier()
    {
        bool hasKeyIdentifier = _certificate.Extensions.Any(extension => extension is X509SubjectKeyIdentifierExtension);
        return X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, hasKeyIdentifier, !hasKeyIdentifier);
    }

    private void AddExtensions(CertificateRequest request, TestCertificateSpec spec)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(AuthorityKeyIdentifier());
        if (spec.ExtendedKeyUsages.Count > 0)
        {
            var usages = new OidCollection();
            foreach (string usage in spec.ExtendedKeyUsages)
            {
                usages.Add(new Oid(usage));
            }

            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(usages, false));
        }

        if (spec.UriSans.Count > 0 || spec.DnsSans.Count > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (string name in spec.DnsSans)
            {
                names.AddDnsName(name);
            }

            foreach (string san in spec.UriSans)
            {
                names.AddUri(new Uri(san));
            }

            request.CertificateExtensions.Add(names.Build(critical: true));
        }

        if (spec.RawUriSans.Count > 0)
        {
            request.CertificateExtensions.Add(new X509Extension("2.5.29.17", EncodeNames(spec.RawUriSans), critical: true));
        }
    }

    private static byte[] EncodeNames(IReadOnlyList<byte[]> uris)
    {
        const int UriTag = 6;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (byte[] uri in uris)
            {
                writer.WriteOctetString(uri, new Asn1Tag(TagClass.ContextSpecific, UriTag));
            }
        }

        return writer.Encode();
    }
}
