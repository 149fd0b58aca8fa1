using Ambient.Tls.Interop;

namespace Ambient.Tls;

/// <summary>What the OpenSSL of this machine can do.</summary>
public static class TlsLibrary
{
    /// <summary>Its own words, such as "OpenSSL 3.0.15 3 Sep 2024".</summary>
    public static string Version => OpenSslLibrary.Version;

    /// <summary>Whether it knows a key exchange group by that name; X25519MLKEM768 comes with OpenSSL 3.5.</summary>
    public static bool HasGroup(string name) => SslContextBuilder.KnowsGroup(name);
}
