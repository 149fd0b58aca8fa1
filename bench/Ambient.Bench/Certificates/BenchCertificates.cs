using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Bench.Certificates;

/// <summary>
/// One ECDSA P-256 root and a leaf for each side, each with a SPIFFE URI SAN, and a DNS SAN because haproxy and nginx can only check that.
/// Ours get leaves of the same shape from an authority that has the root and its key.
/// </summary>
internal sealed class BenchCertificates
{
    public const string ClientName = "client.bench.local";
    public const string ServerName = "server.bench.local";
    public const string TrustDomain = "cluster.local";
    public const string Namespace = "bench";
    public const string ClientAccount = "client";
    public const string ServerAccount = "server";

    private BenchCertificates(string folder) => Folder = folder;

    /// <summary>Holds root-cert.pem and root-key.pem, as a local issuer expects them.</summary>
    public string Folder { get; }

    public string RootFile => Path.Combine(Folder, "root-cert.pem");

    public string RootKeyFile => Path.Combine(Folder, "root-key.pem");

    public string ClientCertificateFile => Path.Combine(Folder, "client-cert.pem");

    public string ClientKeyFile => Path.Combine(Folder, "client-key.pem");

    /// <summary>Certificate and key in one file, as haproxy wants them.</summary>
    public string ClientBundleFile => Path.Combine(Folder, "client.pem");

    public string ServerCertificateFile => Path.Combine(Folder, "server-cert.pem");

    public string ServerKeyFile => Path.Combine(Folder, "server-key.pem");

    public string ServerBundleFile => Path.Combine(Folder, "server.pem");

    public static BenchCertificates Create(string folder, TimeProvider time)
    {
        BenchCertificates certificates = new(Directory.CreateDirectory(folder).FullName);
        DateTimeOffset now = time.GetUtcNow();
        using ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest rootRequest = new("O=" + TrustDomain, rootKey, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        rootRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        rootRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(rootRequest.PublicKey, false));
        using X509Certificate2 root = rootRequest.CreateSelfSigned(now.AddMinutes(-5), now.AddDays(2));
        File.WriteAllText(certificates.RootFile, root.ExportCertificatePem() + "\n");
        WriteSecret(certificates.RootKeyFile, rootKey.ExportPkcs8PrivateKeyPem() + "\n");
        Issue(root, ClientName, ClientAccount, certificates.ClientCertificateFile, certificates.ClientKeyFile, certificates.ClientBundleFile);
        Issue(root, ServerName, ServerAccount, certificates.ServerCertificateFile, certificates.ServerKeyFile, certificates.ServerBundleFile);
        return certificates;
    }

    private static void Issue(X509Certificate2 root, string name, string account, string certificateFile, string keyFile, string bundleFile)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=" + name, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddUri(new Uri($"spiffe://{TrustDomain}/ns/{Namespace}/sa/{account}"));
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, true, false));
        using X509Certificate2 leaf = request.Create(root, root.NotBefore, root.NotAfter, RandomNumberGenerator.GetBytes(12));
        string certificate = leaf.ExportCertificatePem() + "\n";
        string secret = key.ExportPkcs8PrivateKeyPem() + "\n";
        File.WriteAllText(certificateFile, certificate);
        WriteSecret(keyFile, secret);
        WriteSecret(bundleFile, certificate + secret);
    }

    [SuppressMessage("Interoperability", "CA1416", Justification = "File modes; this runs on Linux alone")]
    private static void WriteSecret(string path, string text)
    {
        using FileStream file = new(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using StreamWriter writer = new(file);
        writer.Write(text);
    }
}
