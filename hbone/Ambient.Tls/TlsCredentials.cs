namespace Ambient.Tls;

/// <summary>
/// Our certificate, its key and the roots we trust. Any number of handshakes on any threads may use it at once; disposing it
/// while they run is safe, and so is dropping it without disposing it.
/// </summary>
public sealed class TlsCredentials : IDisposable
{
    /// <param name="certificatesDer">Our leaf, then intermediates. A root among them would be sent, so leave it out.</param>
    /// <param name="privateKeyPkcs8">The leaf's key (PKCS#8 DER); not kept after the call.</param>
    /// <param name="rootsDer">Trust anchors; nothing else is trusted.</param>
    /// <param name="options">null: <see cref="TlsOptions.Default"/>.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">Something does not parse, or the key is not the leaf's.</exception>
    public TlsCredentials(
        IReadOnlyList<byte[]> certificatesDer,
        ReadOnlySpan<byte> privateKeyPkcs8,
        IReadOnlyList<byte[]> rootsDer,
        TlsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(certificatesDer);
        ArgumentNullException.ThrowIfNull(rootsDer);
        Options = options ?? TlsOptions.Default;
        throw new NotSupportedException();
    }

    internal TlsOptions Options { get; }

    public void Dispose()
    {
    }
}
