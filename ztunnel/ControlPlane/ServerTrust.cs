using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Certs.Authority;

namespace Ambient.Ztunnel.ControlPlane;

/// <summary>
/// Which server certificates are accepted from the control plane and the authority: TLS 1.3, a name of the address or the alternative one,
/// and one of the roots of a file, of the system, or given in place (node-proxy 3.1).
/// </summary>
/// <param name="setting">For messages, e.g. <c>CA_ROOT_CA</c>.</param>
/// <param name="roots">A path, <c>SYSTEM</c>, or PEM.</param>
/// <param name="host">Name that the server must have.</param>
/// <param name="alternativeHost">Accepted as well; null for none.</param>
internal sealed class ServerTrust(string setting, string roots, string host, string? alternativeHost) : IAuthorityTrust
{
    private const string System = "SYSTEM";
    private const string PemBegin = "-----BEGIN ";
    private const int MaxFileBytes = 4 * 1024 * 1024;

    /// <summary>Of the file: time of the last change and length. A mounted ConfigMap is replaced through a link, which this follows.</summary>
    public long Version
    {
        get
        {
            if (IsSystem || IsInline)
            {
                return 0;
            }

            if (!File.Exists(roots))
            {
                return -1;
            }

            var file = new FileInfo(File.ResolveLinkTarget(roots, returnFinalTarget: true)?.FullName ?? roots);
            return HashCode.Combine(file.LastWriteTimeUtc, file.Length);
        }
    }

    private bool IsSystem => roots == System;

    private bool IsInline => roots.Contains(PemBegin, StringComparison.Ordinal);

    public Func<SslClientAuthenticationOptions> Load()
    {
        X509Certificate2Collection? anchors = IsSystem ? null : Parse(IsInline ? roots : ReadFile());
        return () => new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateChainPolicy = PolicyFor(anchors),
            RemoteCertificateValidationCallback = Validate,
        };
    }

    private static X509ChainPolicy PolicyFor(X509Certificate2Collection? anchors)
    {
        X509ChainPolicy policy = new() { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (anchors is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(anchors);
        }

        return policy;
    }

    /// <summary>Throws instead of returning false: the exception's text is all that the operator will see.</summary>
    private bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.RemoteCertificateNameMismatch && alternativeHost is not null
            && certificate is X509Certificate2 presented && presented.MatchesHostname(alternativeHost, allowWildcards: true, allowCommonName: false))
        {
            return true;
        }

        return errors switch
        {
            SslPolicyErrors.None => true,
            SslPolicyErrors.RemoteCertificateNameMismatch => throw new AuthenticationException(
                $"the server's certificate is not for {host}{(alternativeHost is null ? "" : " or " + alternativeHost)}"),
            SslPolicyErrors.RemoteCertificateNotAvailable => throw new AuthenticationException("the server presented no certificate"),
            _ => throw new AuthenticationException($"the server's certificate was refused ({Reasons(chain)}); it is verified with {setting}"),
        };
    }

    private static string Reasons(X509Chain? chain) =>
        chain is null ? "no chain" : string.Join(", ", chain.ChainStatus.Select(status => status.Status).Distinct());

    private string ReadFile()
    {
        var file = new FileInfo(roots);
        if (!file.Exists)
        {
            throw new FileNotFoundException($"{setting}: there is no file {roots}; give a file, SYSTEM, or PEM");
        }

        return file.Length <= MaxFileBytes ? File.ReadAllText(roots) : throw new InvalidDataException($"{setting}: {roots} is larger than 4 MiB");
    }

    private X509Certificate2Collection Parse(string pem)
    {
        var anchors = new X509Certificate2Collection();
        try
        {
            anchors.ImportFromPem(pem);
        }
        catch (CryptographicException error)
        {
            throw new InvalidDataException($"{setting}: {Named} does not parse: {error.Message}", error);
        }

        return anchors.Count > 0 ? anchors : throw new InvalidDataException($"{setting}: {Named} holds no certificate");
    }

    private string Named => IsInline ? "the inline value" : roots;
}
