namespace Ambient.Certs;

/// <summary>No certificate, and why. <see cref="CertificateStore"/> turns it into a <see cref="CertificateResult"/>.</summary>
public sealed class CertificateFetchException(string message, Exception? inner = null) : Exception(message, inner);
