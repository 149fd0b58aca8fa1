using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Testing.Certificates;

/// <summary>A leaf with its chain and key, in the forms that the code under test and foreign programs take.</summary>
/// <param name="ChainDer">Leaf, then intermediates.</param>
/// <param name="KeyPkcs8">The leaf's key.</param>
/// <param name="RootsDer">The roots that the owner trusts: those of its issuer.</param>
public sealed record TestCertificate(IReadOnlyList<byte[]> ChainDer, byte[] KeyPkcs8, IReadOnlyList<byte[]> RootsDer)
{
    /// <summary>The leaf with its key, as SslStream wants it.</summary>
    public X509Certificate2 ToX509()
    {
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(ChainDer[0]);
        if (leaf.GetRSAPublicKey() is { } publicKey)
        {
            publicKey.Dispose();
            using RSA rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(KeyPkcs8, out _);
            return leaf.CopyWithPrivateKey(rsa);
        }

        using ECDsa key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(KeyPkcs8, out _);
        return leaf.CopyWithPrivateKey(key);
    }

    /// <summary>Writes chain.pem, key.pem and roots.pem for programs that read files.</summary>
    public void WritePem(string directory)
    {
        File.WriteAllText(Path.Combine(directory, "chain.pem"), Pem(ChainDer));
        File.WriteAllText(Path.Combine(directory, "key.pem"), PemEncoding.WriteString("PRIVATE KEY", KeyPkcs8));
        File.WriteAllText(Path.Combine(directory, "roots.pem"), Pem(RootsDer));
    }

    private static string Pem(IReadOnlyList<byte[]> certificates) =>
        string.Join('\n', certificates.Select(der => PemEncoding.WriteString("CERTIFICATE", der)));
}
