using Ambient.Certs;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Certificates;

/// <summary>Who certifies: an issuer of our own with <c>--local-root</c>, else the authority.</summary>
internal sealed class CertificateSource(ICertificateSource source, IDisposable owned) : IDisposable
{
    public ICertificateSource Source => source;

    /// <exception cref="StartException">The local root cannot be used.</exception>
    public static async Task<CertificateSource> OpenAsync(ZtunnelOptions options, TimeProvider time, CancellationToken cancellation)
    {
        CertificateOptions certificates = options.Certificates;
        try
        {
            LocalIssuer issuer = await LocalIssuer.OpenAsync(certificates.LocalRootDirectory, certificates.SecretTtl, time, cancellation);
            return new CertificateSource(issuer, issuer);
        }
        catch (LocalRootException error)
        {
            throw new StartException(error.Message, error);
        }
    }

    public void Dispose() => owned.Dispose();
}
