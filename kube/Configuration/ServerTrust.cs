using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Kube.Configuration;

/// <summary>
/// Which API servers are believed: those whose certificate chains to these authorities and names the host, or any where the
/// configuration says that it is not to be checked.
/// </summary>
public sealed class ServerTrust
{
    private readonly X509Certificate2Collection? _roots;
    private readonly bool _unchecked;

    private ServerTrust(X509Certificate2Collection? roots, bool isUnchecked)
    {
        _roots = roots;
        _unchecked = isUnchecked;
    }

    /// <summary>The authorities of the machine.</summary>
    public static ServerTrust System { get; } = new(null, isUnchecked: false);

    /// <summary>No check at all: for <c>insecure-skip-tls-verify</c>.</summary>
    public static ServerTrust Unchecked { get; } = new(null, isUnchecked: true);

    /// <summary>These authorities and no others.</summary>
    /// <param name="pem">One or more certificates.</param>
    /// <param name="origin">The file and field, for the error.</param>
    /// <exception cref="KubernetesConfigurationException">There is no certificate in it.</exception>
    public static ServerTrust FromPem(ReadOnlySpan<byte> pem, string origin)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPem(global::System.Text.Encoding.UTF8.GetString(pem));
        }
        catch (CryptographicException error)
        {
            throw new KubernetesConfigurationException($"{origin} is not a list of certificates in PEM: {error.Message}", error);
        }

        return roots.Count > 0
            ? new ServerTrust(roots, isUnchecked: false)
            : throw new KubernetesConfigurationException($"{origin} holds no certificate; it must be PEM (-----BEGIN CERTIFICATE-----).");
    }

    /// <summary>Decides for one handshake. The host name was compared by the caller's TLS layer, whose finding is in <paramref name="errors"/>.</summary>
    public bool Accepts(X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (_unchecked)
        {
            return true;
        }

        if (_roots is null)
        {
            return errors == SslPolicyErrors.None;
        }

        // The chain was built against the authorities of the machine; every other finding stands.
        if ((errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None || certificate is null)
        {
            return false;
        }

        using X509Chain chain = NewChain(presented);
        return chain.Build((X509Certificate2)certificate);
    }

    private X509Chain NewChain(X509Chain? presented)
    {
        var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }

        return chain;
    }
}
