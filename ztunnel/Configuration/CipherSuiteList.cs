using Ambient.Tls;

namespace Ambient.Ztunnel.Configuration;

/// <summary>The suites of HBONE by their IANA names, as operators and other programs write them.</summary>
internal static class CipherSuiteList
{
    public const string DefaultText = $"{Aes256Name},{Aes128Name}";

    private const string Aes128Name = "TLS_AES_128_GCM_SHA256";
    private const string Aes256Name = "TLS_AES_256_GCM_SHA384";

    /// <summary>The given suites in their order; the default ones after an error.</summary>
    public static IReadOnlyList<TlsSuite> Read(SettingReader reader)
    {
        string text = reader.Text(SettingNames.CipherSuites, DefaultText);
        List<TlsSuite> suites = [];
        foreach (string name in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (Find(name) is not { } suite || suites.Contains(suite))
            {
                reader.Refuse(SettingNames.CipherSuites, $"use {Aes128Name} and {Aes256Name}, each once, most preferred first");
                return TlsOptions.Default.Suites;
            }

            suites.Add(suite);
        }

        return suites;
    }

    private static TlsSuite? Find(string name) => name switch
    {
        Aes128Name => TlsSuite.Aes128GcmSha256,
        Aes256Name => TlsSuite.Aes256GcmSha384,
        _ => null,
    };
}
