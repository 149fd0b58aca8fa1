using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Lab.ControlPlanes;

/// <summary>
/// The root of a lab in the files that its ztunnels issue workload certificates from, and the certificate of the control plane's TLS port
/// that it signs.
/// </summary>
[SuppressMessage("Interoperability", "CA1416", Justification = "File modes; this runs on Linux alone")]
internal static class LabAuthority
{
    public const string RootFile = "root-cert.pem";
    public const string RootKeyFile = "root-key.pem";

    private const string KeyLabel = "PRIVATE KEY";
    private const int SerialBytes = 16;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Backdate = TimeSpan.FromHours(1);
    private static readonly TimeSpan Validity = TimeSpan.FromDays(365);

    /// <summary>Makes a root that all ztunnels take, since it is there before them.</summary>
    /// <param name="directory">It is made.</param>
    public static void CreateRoot(string directory)
    {
        Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("O=Ambient, CN=lab root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 root = request.CreateSelfSigned(now - Backdate, now + Validity);
        WriteKey(Path.Combine(directory, RootKeyFile), key);
        File.WriteAllText(Path.Combine(directory, RootFile), root.ExportCertificatePem() + "\n");
    }

    /// <summary>Signs a server certificate for an address.</summary>
    /// <param name="rootDirectory">Has the root.</param>
    /// <param name="address">That clients call.</param>
    /// <param name="certificateFile">Written: the certificate and its root.</param>
    /// <param name="keyFile">Written, readable by the owner alone.</param>
    public static void IssueServer(string rootDirectory, IPAddress address, string certificateFile, string keyFile)
    {
        using X509Certificate2 root = X509Certificate2.CreateFromPemFile(Path.Combine(rootDirectory, RootFile), Path.Combine(rootDirectory, RootKeyFile));
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("O=Ambient, CN=control plane", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        byte[] serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        using X509Certificate2 signed = request.Create(root, root.NotBefore.ToUniversalTime(), root.NotAfter.ToUniversalTime(), serial);
        WriteKey(keyFile, key);
        File.WriteAllText(certificateFile, $"{signed.ExportCertificatePem()}\n{root.ExportCertificatePem()}\n");
    }

    private static void WriteKey(string path, ECDsa key)
    {
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        using var text = new StreamWriter(file);
        text.Write(PemEncoding.Write(KeyLabel, key.ExportPkcs8PrivateKey()));
    }
}
