using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Ambient.Certs;
using Ambient.Mesh.Identities;
using Ambient.Tls;
using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel.Pods;

/// <summary>
/// The TLS side of certificates: credentials are made once per certificate and live as long as it does, so that a renewal is picked up by the
/// next handshake without touching listeners (node-proxy 1.1.3).
/// </summary>
internal sealed class WorkloadCredentials(CertificateStore store, TlsOptions options)
{
    private readonly ConditionalWeakTable<WorkloadCertificate, TlsCredentials> _made = [];

    /// <summary>Waits for the first certificate of an identity; afterwards the answer is there at once.</summary>
    public async ValueTask<CredentialsResult> GetAsync(SpiffeId identity)
    {
        CertificateResult result = await store.GetAsync(identity, CancellationToken.None);
        if (result.Certificate is not { } certificate)
        {
            return Failed(result.Failure);
        }

        try
        {
            return new CredentialsResult(_made.GetValue(certificate, Make), null);
        }
        catch (CryptographicException error)
        {
            return Failed(error.Message);
        }
    }

    private static CredentialsResult Failed(string? reason) => new(null, new ConnectionFailure(
        FailurePhase.TlsHandshake,
        FailureSide.Proxy,
        FailureReason.IdentityUnavailable,
        $"identity error: {reason}",
        Hints.OwnCertificate));

    private TlsCredentials Make(WorkloadCertificate certificate) => certificate.CreateCredentials(options);
}
