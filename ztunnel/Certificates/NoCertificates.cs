using Ambient.Certs;
using Ambient.Mesh.Identities;

namespace Ambient.Ztunnel.Certificates;

/// <summary>The source of a program that makes no tunnels.</summary>
internal sealed class NoCertificates : ICertificateSource
{
    public ValueTask<WorkloadCertificate> FetchAsync(SpiffeId identity, CancellationToken cancellation) =>
        throw new CertificateFetchException("ENABLE_PROXY is false: only DNS is served, and nothing has a certificate");
}
