using System.Globalization;
using Ambient.Bench.Options;

namespace Ambient.Bench.Footing;

/// <summary>Equal footing between the encrypting pairs, judged by what was seen on the wire.</summary>
internal static class FootingRules
{
    private const ushort Tls13 = 0x0304;
    private const ushort X25519 = 0x001d;

    /// <summary>Why the pair may not be compared, or null.</summary>
    /// <param name="system">Name of the pair.</param>
    /// <param name="suite">The suite of this table.</param>
    /// <param name="hellos">ServerHellos of the pair's listener during several connections.</param>
    /// <param name="acceptsWithoutCertificate">Whether a client without a certificate was served.</param>
    public static string? Judge(string system, TlsSuite suite, IReadOnlyList<TlsHello> hellos, bool acceptsWithoutCertificate)
    {
        if (hellos.Count == 0)
        {
            return $"{system}: no TLS handshake was seen on the link";
        }

        if (acceptsWithoutCertificate)
        {
            return $"{system}: serves a client without a certificate, so it is not mutual";
        }

        foreach (TlsHello hello in hellos)
        {
            string? fault = hello switch
            {
                { Version: not Tls13 } => string.Create(CultureInfo.InvariantCulture, $"negotiated version 0x{hello.Version:x4}, not TLS 1.3"),
                _ when hello.CipherSuite != suite.Code =>
                    string.Create(CultureInfo.InvariantCulture, $"negotiated suite 0x{hello.CipherSuite:x4}, not {suite.Name} (0x{suite.Code:x4})"),
                { IsResumed: true } => "resumed a session: no certificate was checked",
                { Group: not X25519 } => string.Create(CultureInfo.InvariantCulture, $"exchanged keys with group 0x{hello.Group:x4}, not X25519"),
                _ => null,
            };
            if (fault is not null)
            {
                return $"{system}: {fault}";
            }
        }

        return null;
    }
}
