using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ambient.Mesh.Identities;
using Ambient.Tls;

namespace Ambient.Certs;

/// <summary>
/// One identity's certificate, key and roots (node-proxy 5.4). The key is cleared when this is disposed; handshakes that
/// already run go on.
/// </summary>
public sealed class WorkloadCertificate : IDisposable
{
    private readonly Lock _gate = new();
    private readonly byte[] _privateKeyPkcs8;
    private readonly List<TlsCredentials> _credentials = [];
    private bool _isDisposed;

    /// <summary>Checks that the leaf is for the identity (node-proxy 5.3) and that everything parses.</summary>
    /// <param name="chainDer">The leaf, then the intermediates; no root.</param>
    /// <param name="privateKeyPkcs8">Copied; the caller clears its own.</param>
    /// <param name="rootsDer">What peers are verified with; at least one.</param>
    /// <exception cref="CertificateFetchException">Something does not fit.</exception>
    public WorkloadCertificate(
        SpiffeId identity, IReadOnlyList<byte[]> chainDer, ReadOnlySpan<byte> privateKeyPkcs8, IReadOnlyList<byte[]> rootsDer)
    {
        ArgumentNullException.ThrowIfNull(chainDer);
        ArgumentNullException.ThrowIfNull(rootsDer);
        if (chainDer.Count == 0 || rootsDer.Count == 0)
        {
            throw new CertificateFetchException(chainDer.Count == 0 ? "no certificate present" : "no root certificate present");
        }

        Identity = identity;
        ChainDer = [.. chainDer];
        RootsDer = [.. rootsDer];
        Chain = Describe(chainDer);
        Roots = Describe(rootsDer);
        CheckIdentity(identity, chainDer[0]);

        // Pinned, so that the collector leaves no second copy of the key behind when it compacts.
        _privateKeyPkcs8 = GC.AllocateUninitializedArray<byte>(privateKeyPkcs8.Length, pinned: true);
        privateKeyPkcs8.CopyTo(_privateKeyPkcs8);
    }

    public SpiffeId Identity { get; }

    /// <summary>Leaf first.</summary>
    public IReadOnlyList<byte[]> ChainDer { get; }

    public IReadOnlyList<byte[]> RootsDer { get; }

    /// <summary>Leaf first, in the form of the dump.</summary>
    public IReadOnlyList<CertificateDescription> Chain { get; }

    public IReadOnlyList<CertificateDescription> Roots { get; }

    public DateTimeOffset NotBefore => Chain[0].NotBefore;

    public DateTimeOffset NotAfter => Chain[0].NotAfter;

    /// <summary>Half of the validity (node-proxy 5.5).</summary>
    public DateTimeOffset RefreshAt => NotBefore + ((NotAfter - NotBefore) / 2);

    /// <summary>Clears the key, also where it was given to OpenSSL.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            CryptographicOperations.ZeroMemory(_privateKeyPkcs8);
            _credentials.ForEach(credentials => credentials.Dispose());
        }
    }

    /// <summary>Credentials for handshakes with this certificate, in either role; they are disposed with it.</summary>
    /// <exception cref="CryptographicException">The key was cleared meanwhile, or the certificate does not suit TLS.</exception>
    public TlsCredentials CreateCredentials(TlsOptions options)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                throw new CryptographicException($"the certificate of {Identity} was replaced or forgotten, and its key cleared");
            }

            var credentials = new TlsCredentials(ChainDer, _privateKeyPkcs8, RootsDer, options);
            _credentials.Add(credentials);
            return credentials;
        }
    }

    /// <summary>For tests: what is left of the key.</summary>
    internal ReadOnlySpan<byte> PrivateKeyPkcs8 => _privateKeyPkcs8;

    private static void CheckIdentity(SpiffeId identity, byte[] leafDer)
    {
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(leafDer);
        IReadOnlyList<string> names = UriNames.Read(leaf);
        string? presented = names.Count > 0 ? names[0] : null;
        if (presented != identity.ToString())
        {
            throw new CertificateFetchException($"SanError: asked for {identity}, got a certificate for {presented ?? "no identity"}");
        }
    }

    private static CertificateDescription[] Describe(IReadOnlyList<byte[]> certificates)
    {
        try
        {
            return [.. certificates.Select(Describe)];
        }
        catch (CryptographicException failure)
        {
            throw new CertificateFetchException($"a certificate does not parse: {failure.Message}", failure);
        }
    }

    private static CertificateDescription Describe(byte[] der)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
        var serial = new BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: true, isBigEndian: true);
        return new CertificateDescription(
            Convert.ToBase64String(Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n")),
            serial.ToString(),
            certificate.NotBefore.ToUniversalTime(),
            certificate.NotAfter.ToUniversalTime());
    }
}
