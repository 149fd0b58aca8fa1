using System.Security.Cryptography.X509Certificates;

namespace Ambient.Testing.Certs;

/// <summary>What the test authority was asked.</summary>
/// <param name="Identity">The one URI name of the request.</param>
/// <param name="Impersonated">Of the metadata; null when there is none.</param>
/// <param name="Name">The subject alternative name extension of the request.</param>
public sealed record TestCaRequest(
    string Identity, string? Impersonated, long ValiditySeconds, PublicKey Key, X509Extension Name, IReadOnlyDictionary<string, string> Headers);
