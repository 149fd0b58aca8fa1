namespace Ambient.Certs;

/// <summary>One certificate as the dump shows it (node-proxy 9.6).</summary>
/// <param name="Pem">Base64 of the PEM text.</param>
/// <param name="SerialNumber">Decimal.</param>
public sealed record CertificateDescription(string Pem, string SerialNumber, DateTimeOffset NotBefore, DateTimeOffset NotAfter);
