using Ambient.Mesh.Identities;

namespace Ambient.Certs;

/// <summary>Obtains one certificate for one identity: an issuer of our own, or an authority that is asked.</summary>
public interface ICertificateSource
{
    /// <summary>Makes a new key and gets it certified. Called on a pool thread, several identities at once.</summary>
    /// <exception cref="CertificateFetchException">No certificate could be obtained; the message is for the operator.</exception>
    ValueTask<WorkloadCertificate> FetchAsync(SpiffeId identity, CancellationToken cancellation);
}
