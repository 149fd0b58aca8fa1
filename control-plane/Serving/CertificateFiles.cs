namespace Ambient.ControlPlane.Serving;

/// <summary>Where the server's certificate is, PEM.</summary>
/// <param name="Certificate">The certificate, and after it the chain to its root.</param>
/// <param name="Key">Its key.</param>
/// <param name="ClientRoots">Authorities of client certificates; null for none.</param>
public sealed record CertificateFiles(string Certificate, string Key, string? ClientRoots);
