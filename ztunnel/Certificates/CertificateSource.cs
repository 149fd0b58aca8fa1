using Ambient.Certs;
using Ambient.Certs.Authority;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.ControlPlane;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Certificates;

/// <summary>Who certifies: nobody where only DNS runs, an issuer of our own with <c>--local-root</c>, else the authority of CA_ADDRESS.</summary>
internal static class CertificateSource
{
    /// <exception cref="StartException">The local root cannot be used.</exception>
    public static async Task<ICertificateSource> OpenAsync(ZtunnelOptions options, ILogger logger, TimeProvider time, CancellationToken cancellation)
    {
        CertificateOptions certificates = options.Certificates;
        if (!options.Proxy.Enabled)
        {
            return new NoCertificates();
        }

        if (certificates.LocalRootDirectory.Length == 0)
        {
            return new CaClient(BuildOptions(options, new Uri(certificates.CaAddress!), logger, time));
        }

        try
        {
            return await LocalIssuer.OpenAsync(certificates.LocalRootDirectory, certificates.SecretTtl, time, cancellation);
        }
        catch (LocalRootException error)
        {
            throw new StartException(error.Message, error);
        }
    }

    private static CaClientOptions BuildOptions(ZtunnelOptions options, Uri address, ILogger logger, TimeProvider time)
    {
        CertificateOptions certificates = options.Certificates;
        CallHeaders headers = new(certificates.AuthToken, options.Proxy.ClusterId, certificates.CaHeaders);
        return new CaClientOptions
        {
            Address = address,
            Trust = new ServerTrust(SettingNames.CaRootCa, certificates.CaRootCa, address.IdnHost, certificates.AltCaHostname),
            Headers = headers.ReadAsync,
            Validity = certificates.SecretTtl,
            Impersonates = options.Proxy.Mode == ProxyMode.Shared,
            TrustRefused = reason => CertificateLog.TrustRefused(logger, reason),
            Time = time,
        };
    }
}
