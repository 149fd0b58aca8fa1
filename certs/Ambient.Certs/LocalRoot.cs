using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Certs;

/// <summary>The root certificate and key of the local issuer.</summary>
internal sealed class LocalRoot(X509Certificate2 certificate, ECDsa key) : IDisposable
{
    private const int ValidityYears = 10;
    private const int SerialBytes = 16;
    private static readonly TimeSpan Backdate = TimeSpan.FromHours(1);

    public X509Certificate2 Certificate => certificate;

    public ECDsa Key => key;

    public static LocalRoot Generate(DateTimeOffset now)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("O=Ambient, CN=local root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using X509Certificate2 signed = request.Create(
            request.SubjectName, X509SignatureGenerator.CreateForECDsa(key), now - Backdate, now.AddYears(ValidityYears), NewSerial());
        return new LocalRoot(X509CertificateLoader.LoadCertificate(signed.RawData), key);
    }

    /// <summary>Random, positive and not zero (RFC 5280 4.1.2.2).</summary>
    public static byte[] NewSerial()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }

    /// <summary>Why certificates cannot be issued from this root; null when they can.</summary>
    public string? Problem(DateTimeOffset now)
    {
        using ECDsa? certified = certificate.GetECDsaPublicKey();
        if (certified is null || key.KeySize != 256)
        {
            return "the root must have a P-256 key";
        }

        if (!certified.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
        {
            return "the root certificate and the key do not belong together";
        }

        if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is not { CertificateAuthority: true })
        {
            return "the certificate is not one of an authority";
        }

        return now < certificate.NotBefore.ToUniversalTime() || now >= certificate.NotAfter.ToUniversalTime()
            ? $"the root is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}, which is not now"
            : null;
    }

    public char[] ExportKeyPem()
    {
        byte[] pkcs8 = key.ExportPkcs8PrivateKey();
        try
        {
            return PemEncoding.Write("PRIVATE KEY", pkcs8);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    public void Dispose()
    {
        certificate.Dispose();
        key.Dispose();
    }
}
