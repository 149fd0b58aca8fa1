using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Ambient.Kube.Configuration;

/// <summary>A certificate that shows the API server who we are, with its key and the intermediates that came with it.</summary>
public sealed class ClientCertificate
{
    private ClientCertificate(X509Certificate2 leaf, X509Certificate2Collection intermediates)
    {
        Leaf = leaf;
        Context = SslStreamCertificateContext.Create(leaf, intermediates, offline: true);
    }

    public X509Certificate2 Leaf { get; }

    /// <summary>What the TLS layer sends.</summary>
    internal SslStreamCertificateContext Context { get; }

    /// <param name="certificatePem">The certificate, then its intermediates.</param>
    /// <param name="keyPem">Its key.</param>
    /// <param name="origin">The file and field, for the error.</param>
    /// <exception cref="KubernetesConfigurationException">They are not PEM or do not belong together.</exception>
    public static ClientCertificate FromPem(ReadOnlySpan<byte> certificatePem, ReadOnlySpan<byte> keyPem, string origin)
    {
        string certificates = Encoding.UTF8.GetString(certificatePem);
        try
        {
            X509Certificate2 leaf = X509Certificate2.CreateFromPem(certificates, Encoding.UTF8.GetString(keyPem));
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificates);
            chain.RemoveAt(0);
            return new ClientCertificate(leaf, chain);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new KubernetesConfigurationException($"{origin}: the client certificate and key are not PEM or do not belong together: {error.Message}", error);
        }
    }
}
