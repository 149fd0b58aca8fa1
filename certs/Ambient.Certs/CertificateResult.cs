namespace Ambient.Certs;

/// <summary>Either a certificate that is valid now, or the reason why there is none (node-proxy 9.3: IDENTITY_ERROR).</summary>
public readonly record struct CertificateResult(WorkloadCertificate? Certificate, string? Failure);
