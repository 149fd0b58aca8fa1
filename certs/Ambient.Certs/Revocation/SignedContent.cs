using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Certs.Revocation;

/// <summary>The signed part of a revocation list with its signature.</summary>
/// <param name="Content">TBSCertList, DER.</param>
/// <param name="Algorithm">Object identifier of the signature algorithm.</param>
/// <param name="Signature">As in the list.</param>
internal sealed record SignedContent(byte[] Content, string Algorithm, byte[] Signature)
{
    private const string EcdsaSha256 = "1.2.840.10045.4.3.2";
    private const string EcdsaSha384 = "1.2.840.10045.4.3.3";
    private const string EcdsaSha512 = "1.2.840.10045.4.3.4";
    private const string RsaSha256 = "1.2.840.113549.1.1.11";
    private const string RsaSha384 = "1.2.840.113549.1.1.12";
    private const string RsaSha512 = "1.2.840.113549.1.1.13";

    /// <summary>Whether lists with this algorithm can be checked here.</summary>
    public static bool IsKnown(string algorithm) => HashOf(algorithm) is not null;

    /// <param name="publicKey">SubjectPublicKeyInfo, DER.</param>
    public bool IsSignedBy(byte[] publicKey)
    {
        HashAlgorithmName hash = HashOf(Algorithm) ?? throw new InvalidOperationException($"'{Algorithm}' was let in unknown.");
        try
        {
            PublicKey key = PublicKey.CreateFromSubjectPublicKeyInfo(publicKey, out _);
            using ECDsa? elliptic = key.GetECDsaPublicKey();
            if (elliptic is not null)
            {
                return IsEcdsa && elliptic.VerifyData(Content, Signature, hash, DSASignatureFormat.Rfc3279DerSequence);
            }

            using RSA? rsa = key.GetRSAPublicKey();
            return rsa is not null && !IsEcdsa && rsa.VerifyData(Content, Signature, hash, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            // A key that cannot be read has signed nothing.
            return false;
        }
    }

    private bool IsEcdsa => Algorithm is EcdsaSha256 or EcdsaSha384 or EcdsaSha512;

    private static HashAlgorithmName? HashOf(string algorithm) => algorithm switch
    {
        EcdsaSha256 or RsaSha256 => HashAlgorithmName.SHA256,
        EcdsaSha384 or RsaSha384 => HashAlgorithmName.SHA384,
        EcdsaSha512 or RsaSha512 => HashAlgorithmName.SHA512,
        _ => null,
    };
}
