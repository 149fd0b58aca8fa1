using System.Net.Security;

namespace Ambient.Certs.Authority;

/// <summary>The roots that the authority's server certificate is verified with; they may change while the proxy runs.</summary>
public interface IAuthorityTrust
{
    /// <summary>Changes whenever the roots may have: a new channel is made then.</summary>
    long Version { get; }

    /// <summary>Reads the roots of now.</summary>
    /// <returns>Makes the TLS options of one connection.</returns>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="InvalidDataException">They are no certificates.</exception>
    Func<SslClientAuthenticationOptions> Load();
}
