using Ambient.Mesh.Identities;

namespace Ambient.Certs;

/// <param name="Certificate">Null unless available. Its key may be cleared at any time; the descriptions stay.</param>
/// <param name="LastFailure">Of the last fetch; set beside a certificate while its refresh fails.</param>
/// <param name="NotAfter">End of the last certificate, also when that is past; null when there was none.</param>
/// <param name="Validity">Of the last certificate.</param>
public sealed record CertificateState(
    SpiffeId Identity, CertificatePhase Phase, WorkloadCertificate? Certificate, string? LastFailure, DateTimeOffset? NotAfter, TimeSpan? Validity);
