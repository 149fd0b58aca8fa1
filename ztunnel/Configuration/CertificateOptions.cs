using Ambient.Tls;

namespace Ambient.Ztunnel.Configuration;

/// <summary>Where workload certificates come from. Verification of peers cannot be configured away.</summary>
/// <param name="LocalRootDirectory">Directory of the local issuer; empty when the authority is asked.</param>
/// <param name="CaAddress">The authority; never null without a local root, which wins over it, where the proxy is on.</param>
/// <param name="AuthToken">A path or a secret: never printed, never logged.</param>
/// <param name="CaHeaders">Extra metadata for the authority; values may be secrets.</param>
/// <param name="Suites">TLS suites between workloads, most preferred first; never empty.</param>
/// <param name="Compliance">Restricts the key exchange between workloads; none where no tunnel is ever made.</param>
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
    CompliancePolicy Compliance,
    string? CrlPath)
{
    private const string ClusterAuthority = "https://istiod.istio-system.svc:15012";

    private static readonly TimeSpan ShortestTtl = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestTtl = TimeSpan.FromDays(90);

    /// <param name="reader">The settings.</param>
    /// <param name="isNeeded">False where no tunnel is ever made; then it does not matter that nobody certifies, nor what cryptography this machine lacks.</param>
    public static CertificateOptions Read(SettingReader reader, bool isNeeded)
    {
        string? localRoot = reader.OptionalText(SettingNames.LocalRoot);
        RefuseUnsupported(reader);
        TimeSpan ttl = reader.Duration(SettingNames.SecretTtl, TimeSpan.FromHours(24));
        if (ttl < ShortestTtl || ttl > LongestTtl)
        {
            reader.Refuse(SettingNames.SecretTtl, "use 1m to 90d");
        }

        CompliancePolicy compliance = ReadCompliance(reader);
        return new CertificateOptions(
            localRoot ?? "",
            ttl,
            ReadAuthority(reader, isNeeded && localRoot is null),
            reader.Text(SettingNames.CaRootCa, MeshSourceOptions.DefaultRootCa),
            reader.OptionalText(SettingNames.AltCaHostname),
            reader.OptionalText(SettingNames.AuthToken),
            HeaderSettings.Read(reader, SettingNames.CaHeaderPrefix),
            CipherSuiteList.Read(reader),
            isNeeded ? compliance : CompliancePolicy.None,
            reader.OptionalText(SettingNames.CrlPath));
    }

    /// <summary>The authority's address: as given, else istiod's inside a cluster; not needed, and null, with a local root.</summary>
    private static string? ReadAuthority(SettingReader reader, bool isNeeded)
    {
        string? address = ServiceAddress.ReadUrl(reader, SettingNames.CaAddress);
        bool isGiven = reader.Source.Find(SettingNames.CaAddress) is not null;
        if (address is null && !isGiven && reader.OptionalText(SettingNames.KubernetesServiceHost) is not null)
        {
            address = ClusterAuthority;
        }

        if (address is null && isNeeded)
        {
            reader.Refuse(
                isGiven ? SettingNames.CaAddress : SettingNames.LocalRoot,
                "missing: give --ca-address https://HOST:PORT to ask an authority, or --local-root DIR to issue workload certificates here");
        }

        return address;
    }

    private static CompliancePolicy ReadCompliance(SettingReader reader)
    {
        switch (reader.OptionalText(SettingNames.CompliancePolicy))
        {
            case null:
                return CompliancePolicy.None;
            case "pqc":
                return CompliancePolicy.PostQuantum;
            default:
                reader.Refuse(SettingNames.CompliancePolicy, "pqc is the one policy of this build; no part of it is a validated module, so it has none such as fips-140-2: remove it");
                return CompliancePolicy.None;
        }
    }

    private static void RefuseUnsupported(SettingReader reader)
    {
        if (reader.Boolean(SettingNames.Tls12Enabled, false))
        {
            reader.Refuse(
                SettingNames.Tls12Enabled,
                "workloads speak TLS 1.3 only, and so must their peers: set it to false or remove it, and upgrade peers that know TLS 1.2 alone");
        }

        if (reader.Boolean(SettingNames.FakeCa, false))
        {
            reader.Refuse(SettingNames.FakeCa, "use --local-root DIR for certificates without an authority");
        }
    }
}
