namespace Ambient.Certs.Revocation;

/// <summary>One certificate of a verified path, as a revocation list knows it: its number under the one that signed it.</summary>
internal readonly record struct CertificateLink(SerialNumber Serial, IssuerKey Issuer);
