using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Certs.Authority;

/// <summary>An authority's answer, checked as far as it can be without knowing who asked (node-proxy 5.3, 5.4).</summary>
/// <param name="ChainDer">Leaf, then intermediates.</param>
/// <param name="RootsDer">Every certificate of the last element.</param>
internal sealed record IssuedChain(IReadOnlyList<byte[]> ChainDer, IReadOnlyList<byte[]> RootsDer)
{
    public const int MaxElements = 32;
    public const int MaxRoots = 256;
    public const int MaxChars = 4 * 1024 * 1024;

    private const string PemLabel = "CERTIFICATE";

    /// <param name="elements">PEM: the leaf, intermediates, and last the bundle of roots.</param>
    /// <param name="publicKey">SubjectPublicKeyInfo of the key that was to be certified, DER.</param>
    /// <exception cref="CertificateFetchException">The answer is not usable.</exception>
    public static IssuedChain Parse(IReadOnlyList<string> elements, ReadOnlySpan<byte> publicKey)
    {
        if (elements.Count == 0)
        {
            throw new CertificateFetchException("the authority's answer holds no certificate (EmptyResponse)");
        }

        if (elements.Count == 1)
        {
            throw new CertificateFetchException("no root certificate present in the authority's answer: it must send the chain and its root");
        }

        if (elements.Count > MaxElements || elements.Sum(element => (long)element.Length) > MaxChars)
        {
            throw new CertificateFetchException($"the authority's answer is too large: at most {MaxElements} elements and {MaxChars} characters are taken");
        }

        try
        {
            byte[][] chain = [.. elements.Take(elements.Count - 1).Select((element, index) => Single(element, index))];
            RequireKey(chain[0], publicKey);
            return new IssuedChain(chain, All(elements[^1]));
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException)
        {
            throw new CertificateFetchException($"a certificate of the authority's answer does not parse: {failure.Message}", failure);
        }
    }

    private static void RequireKey(byte[] leafDer, ReadOnlySpan<byte> publicKey)
    {
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(leafDer);
        if (!leaf.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(publicKey))
        {
            throw new CertificateFetchException("the authority certified another key than the one of the request");
        }
    }

    /// <summary>The first certificate of an element; what follows it is ignored.</summary>
    private static byte[] Single(string element, int index)
    {
        int position = 0;
        return Next(element, ref position)
            ?? throw new CertificateFetchException($"element {index} of the authority's answer holds no certificate");
    }

    private static List<byte[]> All(string element)
    {
        var roots = new List<byte[]>();
        int position = 0;
        while (Next(element, ref position) is { } der)
        {
            if (roots.Count == MaxRoots)
            {
                throw new CertificateFetchException($"the authority's answer holds more than {MaxRoots} roots");
            }

            roots.Add(der);
        }

        return roots.Count > 0 ? roots : throw new CertificateFetchException("no root certificate present in the authority's answer");
    }

    private static byte[]? Next(string element, ref int position)
    {
        while (PemEncoding.TryFind(element.AsSpan(position), out PemFields fields))
        {
            ReadOnlySpan<char> block = element.AsSpan(position);
            position += fields.Location.End.Value;
            if (block[fields.Label] is PemLabel)
            {
                byte[] der = new byte[fields.DecodedDataLength];
                return Convert.TryFromBase64Chars(block[fields.Base64Data], der, out int length) && length == der.Length
                    ? der
                    : throw new FormatException("its base64 is malformed");
            }
        }

        return null;
    }
}
