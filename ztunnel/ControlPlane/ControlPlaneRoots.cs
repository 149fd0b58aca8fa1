using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Ztunnel.ControlPlane;

/// <summary>Whom a control plane or an authority must prove to be: server authentication by TLS 1.3, no client certificate (node-proxy 3.1).</summary>
/// <param name="setting">The environment name of the roots, for errors.</param>
/// <param name="roots">A file, <c>SYSTEM</c>, or PEM text.</param>
/// <param name="alternativeName">A second name that is accepted; null for none.</param>
internal sealed class ControlPlaneRoots(string setting, string roots, string? alternativeName)
{
    private const string PlatformRoots = "SYSTEM";
    private const string PemStart = "-----BEGIN";

    /// <summary>Options of one connection; the roots are read now.</summary>
    /// <exception cref="AuthenticationException">There are no usable roots; the message names the setting.</exception>
    public SslClientAuthenticationOptions Read()
    {
        SslClientAuthenticationOptions options = new() { EnabledSslProtocols = SslProtocols.Tls13 };
        if (roots != PlatformRoots)
        {
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(ReadRoots());
            options.CertificateChainPolicy = policy;
        }

        if (alternativeName is not null)
        {
            options.RemoteCertificateValidationCallback = IsAccepted;
        }

        return options;
    }

    private X509Certificate2Collection ReadRoots()
    {
        X509Certificate2Collection found = [];
        try
        {
            string pem = roots.Contains(PemStart, StringComparison.Ordinal) ? roots : File.ReadAllText(roots);
            found.ImportFromPem(pem);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new AuthenticationException($"{setting} cannot be read: {error.Message}", error);
        }

        return found.Count > 0 ? found : throw new AuthenticationException($"{setting} holds no certificate; give a file of PEM certificates, SYSTEM, or PEM");
    }

    private bool IsAccepted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None
        || (errors == SslPolicyErrors.RemoteCertificateNameMismatch
            && certificate is X509Certificate2 presented
            && presented.MatchesHostname(alternativeName!, allowWildcards: true, allowCommonName: false));
}
