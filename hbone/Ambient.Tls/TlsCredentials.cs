using Ambient.Tls.Interop;

namespace Ambient.Tls;

/// <summary>
/// Our certificate, its key and the roots we trust. Any number of handshakes on any threads may use it at once; disposing it
/// while they run is safe, and so is dropping it without disposing it.
/// </summary>
public sealed class TlsCredentials : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CertificateSet _certificates;
    private readonly TlsOptions _options;
    private readonly SslContextHandle _server;
    private SslContextHandle? _client;
    private bool _isDisposed;

    /// <param name="certificatesDer">Our leaf, then intermediates. A root among them would be sent, so leave it out.</param>
    /// <param name="privateKeyPkcs8">The leaf's key (PKCS#8 DER); the caller may clear it after the call.</param>
    /// <param name="rootsDer">Trust anchors; nothing else is trusted.</param>
    /// <param name="options">null: <see cref="TlsOptions.Default"/>.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">
    /// Something does not parse or is too weak (RSA under 2,048 bits), the key is not the leaf's, or an option is unknown to OpenSSL.
    /// </exception>
    public TlsCredentials(
        IReadOnlyList<byte[]> certificatesDer,
        ReadOnlySpan<byte> privateKeyPkcs8,
        IReadOnlyList<byte[]> rootsDer,
        TlsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(certificatesDer);
        ArgumentNullException.ThrowIfNull(rootsDer);
        _options = options ?? TlsOptions.Default;
        _certificates = new CertificateSet(certificatesDer, privateKeyPkcs8, rootsDer);
        try
        {
            // Made at once, so that a key too weak or a group unknown to OpenSSL shows here and not with the first connection.
            _server = SslContextBuilder.Build(TlsRole.Server, _certificates, _options);
        }
        catch
        {
            _certificates.Dispose();
            throw;
        }
    }

    /// <summary>Handshakes that have begun go on; new ones throw <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _client?.Dispose();
            _server.Dispose();
            _certificates.Dispose();
        }
    }

    internal SslHandle Connect(HandshakeFacts facts) => new(ContextFor(facts.Role), facts);

    internal HandshakeFacts NewFacts(TlsRole role, TlsPeerCheck check) => new(role, check, _options);

    private SslContextHandle ContextFor(TlsRole role)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return role == TlsRole.Server ? _server : _client ??= SslContextBuilder.Build(role, _certificates, _options);
        }
    }
}
