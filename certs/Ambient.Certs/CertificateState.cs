using Ambient.Mesh.Identities;

namespace Ambient.Certs;

/// <param name="Certificate">Null unless available. Its key may be cleared at any time; the descriptions stay.</param>
/// <param name="LastFailure">Of the last fetch; set beside a certificate while its refresh fails.</param>
public sealed record CertificateState(
    SpiffeId Identity, CertificatePhase Phase, WorkloadCertificate? Certificate, string? LastFailure);
