using System.Security.Cryptography;

namespace Ambient.Tls.Interop;

/// <summary>Parsed credentials; each SSL_CTX made from them takes its own references.</summary>
internal sealed unsafe class CertificateSet : IDisposable
{
    private readonly List<X509Handle> _certificates = [];
    private readonly PrivateKeyHandle? _key;
    private readonly X509StoreHandle? _roots;

    public CertificateSet(IReadOnlyList<byte[]> certificatesDer, ReadOnlySpan<byte> privateKeyPkcs8, IReadOnlyList<byte[]> rootsDer)
    {
        OpenSslLibrary.EnsureReady();
        LibCrypto.ERR_clear_error();
        try
        {
            if (certificatesDer.Count == 0 || rootsDer.Count == 0)
            {
                throw new CryptographicException("A certificate and at least one root are needed.");
            }

            foreach (byte[] der in certificatesDer)
            {
                _certificates.Add(ParseCertificate(der));
            }

            _key = ParseKey(privateKeyPkcs8);
            OpenSslError.ThrowIfZero(
                LibCrypto.X509_check_private_key(Leaf.DangerousGetHandle(), _key.DangerousGetHandle()), "match the private key with the certificate");
            _roots = new X509StoreHandle(LibCrypto.X509_STORE_new());
            foreach (byte[] der in rootsDer)
            {
                using X509Handle root = ParseCertificate(der);
                OpenSslError.ThrowIfZero(
                    LibCrypto.X509_STORE_add_cert(_roots.DangerousGetHandle(), root.DangerousGetHandle()), "add a root certificate");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public X509Handle Leaf => _certificates[0];

    public IEnumerable<X509Handle> Intermediates => _certificates.Skip(1);

    public PrivateKeyHandle Key => _key!;

    public X509StoreHandle Roots => _roots!;

    public void Dispose()
    {
        _certificates.ForEach(certificate => certificate.Dispose());
        _key?.Dispose();
        _roots?.Dispose();
    }

    private static X509Handle ParseCertificate(ReadOnlySpan<byte> der)
    {
        fixed (byte* start = der)
        {
            byte* cursor = start;
            var certificate = new X509Handle(LibCrypto.d2i_X509(0, &cursor, der.Length));
            if (cursor != start + der.Length)
            {
                certificate.Dispose();
                throw new CryptographicException("Bytes follow the end of a certificate.");
            }

            return certificate;
        }
    }

    private static PrivateKeyHandle ParseKey(ReadOnlySpan<byte> der)
    {
        fixed (byte* start = der)
        {
            byte* cursor = start;
            return new PrivateKeyHandle(LibCrypto.d2i_AutoPrivateKey(0, &cursor, der.Length));
        }
    }
}
