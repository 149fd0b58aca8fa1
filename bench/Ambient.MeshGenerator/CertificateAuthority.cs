using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Certs.Authority;
using Microsoft.AspNetCore.Http;

namespace Ambient.MeshGenerator;

/// <summary>
/// Certifies what proxies ask for (control-plane-and-cni 4), under the root that the other pairs' leaves are of, and in the same shape: P-256, one
/// certificate long. Whoever asks is believed.
/// </summary>
internal sealed class CertificateAuthority(X509Certificate2 root) : IDisposable
{
    public const string Path = "/istio.v1.auth.IstioCertificateService/CreateCertificate";

    private readonly ECDsa _key = root.GetECDsaPrivateKey() ?? throw new CryptographicException("the root has no ECDSA key");

    public async Task AnswerAsync(HttpContext context)
    {
        IstioCertificateRequest asked = IstioCertificateRequest.Parser.ParseFrom(await GrpcFrames.ReadAsync(context));
        IstioCertificateResponse answer = new();
        answer.CertChain.Add(Certify(asked.Csr));
        answer.CertChain.Add(root.ExportCertificatePem() + "\n");
        context.Response.ContentType = "application/grpc";
        await GrpcFrames.SendAsync(context, GrpcFrames.Of(answer));
        context.Response.AppendTrailer("grpc-status", "0");
    }

    public void Dispose() => _key.Dispose();

    private string Certify(string csr)
    {
        CertificateRequest asked = CertificateRequest.LoadSigningRequestPem(
            csr, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        CertificateRequest leaf = new(new X500DistinguishedName(""), asked.PublicKey, HashAlgorithmName.SHA256);
        leaf.CertificateExtensions.Add(asked.CertificateExtensions.Single());
        leaf.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        leaf.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        leaf.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        leaf.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, true, false));
        using X509Certificate2 signed = leaf.Create(
            root.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), root.NotBefore, root.NotAfter, RandomNumberGenerator.GetBytes(12));
        return signed.ExportCertificatePem() + "\n";
    }
}
