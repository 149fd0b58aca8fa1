using Ambient.Tls;

namespace Ambient.Ztunnel.Configuration;

/// <summary>Where workload certificates come from. Verification of peers cannot be configured away.</summary>
/// <param name="LocalRootDirectory">Directory of the local issuer; the only source in this build.</param>
/// <param name="AuthToken">A path or a secret: never printed, never logged.</param>
/// <param name="CaHeaders">Extra metadata for the authority; values may be secrets.</param>
/// <param name="Suites">TLS suites between workloads, most preferred first; never empty.</param>
/// <param name="CrlPath">File of revocation lists; null checks no revocation.</param>
internal sealed record CertificateOptions(
    string LocalRootDirectory,
    TimeSpan SecretTtl,
    string? CaAddress,
    string CaRootCa,
    string? AltCaHostname,
    string? AuthToken,
    IReadOnlyDictionary<string, string> CaHeaders,
    IReadOnlyList<TlsSuite> Suites,
    string? CrlPath)
{
    private static readonly TimeSpan ShortestTtl = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestTtl = TimeSpan.FromDays(90);

    public static CertificateOptions Read(SettingReader reader)
    {
        string? localRoot = reader.OptionalText(SettingNames.LocalRoot);
        RefuseUnsupported(reader);
        RequireLocalRoot(reader, localRoot);
        TimeSpan ttl = reader.Duration(SettingNames.SecretTtl, TimeSpan.FromHours(24));
        if (ttl < ShortestTtl || ttl > LongestTtl)
        {
            reader.Refuse(SettingNames.SecretTtl, "use 1m to 90d");
        }

        return new CertificateOptions(
            localRoot ?? "",
            ttl,
            ServiceAddress.ReadUrl(reader, SettingNames.CaAddress),
            reader.Text(SettingNames.CaRootCa, MeshSourceOptions.DefaultRootCa),
            reader.OptionalText(SettingNames.AltCaHostname),
            reader.OptionalText(SettingNames.AuthToken),
            HeaderSettings.Read(reader, SettingNames.CaHeaderPrefix),
            CipherSuiteList.Read(reader),
            reader.OptionalText(SettingNames.CrlPath));
    }

    private static void RequireLocalRoot(SettingReader reader, string? localRoot)
    {
        if (localRoot is not null)
        {
            return;
        }

        if (reader.OptionalText(SettingNames.CaAddress) is not null)
        {
            reader.Refuse(SettingNames.CaAddress, "this build does not ask an authority; give --local-root DIR to issue certificates here");
        }
        else
        {
            reader.Refuse(SettingNames.LocalRoot, "missing: give --local-root DIR to issue workload certificates here");
        }
    }

    private static void RefuseUnsupported(SettingReader reader)
    {
        if (reader.Boolean(SettingNames.Tls12Enabled, false))
        {
            reader.Refuse(SettingNames.Tls12Enabled, "workloads speak TLS 1.3 only in this build; set it to false or remove it");
        }

        if (reader.OptionalText(SettingNames.CompliancePolicy) is not null)
        {
            reader.Refuse(SettingNames.CompliancePolicy, "this build has no compliance policies; remove it");
        }

        if (reader.Boolean(SettingNames.FakeCa, false))
        {
            reader.Refuse(SettingNames.FakeCa, "use --local-root DIR for certificates without an authority");
        }
    }
}
