using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ambient.Certs;
using Ambient.Certs.Authority;
using Ambient.Mesh.Identities;
using Ambient.Testing;
using Ambient.Testing.Certificates;
using Ambient.Tls;

namespace Ambient.UnitTests.Certs.Authority;

/// <summary>An authority's answer that was tampered with gives a reason or a certificate for the very identity and key, never anything else.</summary>
public sealed class IssuedChainTests : IDisposable
{
    private static readonly SpiffeId Web = new("cluster.local", "shop", "web");
    private readonly TestAuthority _root = TestAuthority.CreateRoot();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Mutated_answers_are_refused_or_mean_the_same()
    {
        using var signing = new SigningRequest(Web);
        byte[] publicKey = signing.ExportPublicKey();
        byte[] privateKey = signing.ExportPrivateKey();
        byte[] leaf = Certify(signing);
        var random = new Random(592);
        int accepted = 0;
        for (int round = 0; round < FuzzRounds.Scale(300); round++)
        {
            List<string> elements = [Mutate(leaf, random), Mutate(_root.RootDer, random)];
            try
            {
                IssuedChain issued = IssuedChain.Parse(elements, publicKey);
                using WorkloadCertificate certificate = new(Web, issued.ChainDer, privateKey, issued.RootsDer);
                using TlsCredentials credentials = certificate.CreateCredentials(TlsOptions.Default);
                accepted++;
            }
            catch (Exception refused) when (refused is CertificateFetchException or CryptographicException)
            {
                Assert.NotEmpty(refused.Message);
            }
        }

        Assert.True(accepted > 0, "some mutations touch only what is not checked here, such as a signature");
    }

    [Fact]
    public void A_request_has_no_subject_one_critical_name_and_a_signature_by_its_key()
    {
        using var signing = new SigningRequest(Web);

        CertificateRequest request = CertificateRequest.LoadSigningRequestPem(
            signing.Pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);

        Assert.Empty(request.SubjectName.Name);
        X509Extension name = Assert.Single(request.CertificateExtensions);
        Assert.Equal(("2.5.29.17", true), (name.Oid!.Value, name.Critical));
        Assert.Contains(Web.ToString(), Encoding.Latin1.GetString(name.RawData), StringComparison.Ordinal);
        Assert.Equal(signing.ExportPublicKey(), request.PublicKey.ExportSubjectPublicKeyInfo());
    }

    [Theory]
    [InlineData("td", "a/b", "c")]
    [InlineData("td", "a", "c d")]
    [InlineData("td", "a", "\u00e4")]
    public void An_identity_that_would_read_back_as_another_is_not_asked_for(string trustDomain, string ns, string account) =>
        Assert.Throws<CertificateFetchException>(() => new SigningRequest(new SpiffeId(trustDomain, ns, account)));

    private byte[] Certify(SigningRequest signing)
    {
        CertificateRequest request = CertificateRequest.LoadSigningRequestPem(
            signing.Pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return _root.Certify(request.PublicKey, request.CertificateExtensions[0], now.AddHours(-1), now.AddHours(1))[0];
    }

    private static string Mutate(byte[] der, Random random)
    {
        byte[] mutant = [.. der];
        switch (random.Next(6))
        {
            case 0:
                return PemEncoding.WriteString("CERTIFICATE", mutant);
            case 1:
                return PemEncoding.WriteString("CERTIFICATE", mutant.AsSpan(0, random.Next(mutant.Length)));
            case 2:
                string pem = PemEncoding.WriteString("CERTIFICATE", mutant);
                return pem.Remove(random.Next(pem.Length), 1).Insert(random.Next(pem.Length - 1), ((char)random.Next(256)).ToString());
            default:
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    mutant[random.Next(mutant.Length)] ^= (byte)random.Next(1, 256);
                }

                return PemEncoding.WriteString("CERTIFICATE", mutant);
        }
    }
}
