using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.ControlPlane.Serving;

/// <summary>What the server shows on its TLS port, and whose client certificates it believes.</summary>
/// <param name="Context">The certificate with its key and chain.</param>
/// <param name="ClientRoots">Authorities of client certificates; empty: no client certificate is believed.</param>
public sealed record ServerCertificate(SslStreamCertificateContext Context, X509Certificate2Collection ClientRoots);
