using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Tls.Interop;

/// <summary>Reads from native certificates what the rest of the library needs as managed values.</summary>
internal static unsafe class CertificateReader
{
    private const int MaxDescriptionChars = 256;

    public static byte[] Encode(nint certificate)
    {
        int length = LibCrypto.i2d_X509(certificate, null);
        OpenSslError.ThrowIfZero(length, "encode a certificate");
        byte[] der = new byte[length];
        fixed (byte* start = der)
        {
            byte* cursor = start;
            OpenSslError.ThrowIfZero(LibCrypto.i2d_X509(certificate, &cursor), "encode a certificate");
        }

        return der;
    }

    public static byte[][] EncodeChain(nint stack)
    {
        int count = Math.Max(0, LibCrypto.OPENSSL_sk_num(stack));
        byte[][] chain = new byte[count][];
        for (int i = 0; i < count; i++)
        {
            chain[i] = Encode(LibCrypto.OPENSSL_sk_value(stack, i));
        }

        return chain;
    }

    /// <summary>
    /// URI names in certificate order. Names with a byte outside printable ASCII are left out: an embedded NUL or line break could
    /// make a name compare or print as another.
    /// </summary>
    public static IReadOnlyList<string> UriSans(nint certificate)
    {
        nint names = LibCrypto.X509_get_ext_d2i(certificate, LibCrypto.NidSubjectAltName, null, null);
        if (names == 0)
        {
            return [];
        }

        try
        {
            var sans = new List<string>();
            int count = LibCrypto.OPENSSL_sk_num(names);
            for (int i = 0; i < count; i++)
            {
                int type;
                nint value = LibCrypto.GENERAL_NAME_get0_value(LibCrypto.OPENSSL_sk_value(names, i), &type);
                if (type == LibCrypto.GeneralNameUri && ReadPrintable(value) is { } san)
                {
                    sans.Add(san);
                }
            }

            return sans;
        }
        finally
        {
            LibCrypto.GENERAL_NAMES_free(names);
        }
    }

    /// <summary>A short name for a log line; only bytes that are safe to print.</summary>
    public static string Describe(nint certificate)
    {
        if (certificate == 0)
        {
            return "the certificate";
        }

        try
        {
            return DescribeParsed(certificate);
        }
        catch (CryptographicException)
        {
            // A hostile certificate may parse for OpenSSL and still hold, say, a date that does not exist.
            return "a malformed certificate";
        }
    }

    private static string DescribeParsed(nint certificate)
    {
        using X509Certificate2 parsed = X509CertificateLoader.LoadCertificate(Encode(certificate));
        IReadOnlyList<string> sans = UriSans(certificate);
        string name = sans.Count > 0 ? sans[0] : $"serial {parsed.SerialNumber}";
        if (name.Length > MaxDescriptionChars)
        {
            name = name[..MaxDescriptionChars];
        }

        return $"the certificate of {name} (valid {parsed.NotBefore.ToUniversalTime():u} to {parsed.NotAfter.ToUniversalTime():u})";
    }

    private static string? ReadPrintable(nint text)
    {
        ReadOnlySpan<byte> bytes = new(LibCrypto.ASN1_STRING_get0_data(text), LibCrypto.ASN1_STRING_length(text));
        return bytes.IsEmpty || bytes.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E) ? null : System.Text.Encoding.ASCII.GetString(bytes);
    }
}
