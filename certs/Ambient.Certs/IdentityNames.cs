using Ambient.Mesh.Identities;

namespace Ambient.Certs;

/// <summary>Which identities can be names in certificates.</summary>
internal static class IdentityNames
{
    /// <returns>The identity's text.</returns>
    /// <exception cref="CertificateFetchException">It would read back as another one, or holds what does not print.</exception>
    public static string Require(SpiffeId identity)
    {
        string name = identity.ToString();
        return SpiffeId.TryParse(name, out SpiffeId parsed) && parsed == identity && !name.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? name
            : throw new CertificateFetchException($"'{identity}' cannot be the name in a certificate");
    }
}
