using System.Globalization;
using System.Text;

namespace Ambient.Ztunnel.Configuration;

/// <summary>The text of <c>ztunnel help</c>, made from the catalogue so that no flag is forgotten.</summary>
internal static class HelpText
{
    private const string Head = """
        ztunnel: carries the TCP traffic of enrolled pods through mutually authenticated HBONE tunnels

        Usage: ztunnel [proxy | version | help] [--flag VALUE ...]

          proxy    run the node proxy (default)
          version  print the version
          help     print this text

        Two workloads on one machine, without root and without redirection:
          ztunnel --proxy-mode dedicated --proxy-workload-info shop/web-0/web \
            --local-xds-path mesh.yaml --local-root ./root \
            --outbound-address 127.0.0.1:15001 --inbound-address 127.0.0.1:15008 \
            --inbound-plaintext-address 127.0.0.1:15006 --forward 127.0.0.1:9080=10.8.0.11:80

        Every flag can be given as an environment variable too (--network as NETWORK); a flag wins.
        Also read from the environment: ISTIO_META_*, ISTIO_METAJSON_*, XDS_HEADER_*, CA_HEADER_*.
        """;

    private const string Tail = """
        While it runs: http://localhost:15000/ lists the admin pages; /debug/failures there says why connections failed.
        Durations: 10s, 5m, 1h30m. Booleans: true or false.
        Exit codes: 0 stopped as asked, 1 failed or unknown command, 2 invalid settings.
        """;

    public static string Build()
    {
        var text = new StringBuilder(Head).AppendLine();
        foreach (IGrouping<SettingArea, SettingDefinition> area in SettingCatalogue.All.GroupBy(setting => setting.Area))
        {
            text.AppendLine().Append(area.Key).AppendLine(":");
            foreach (SettingDefinition setting in area)
            {
                AppendSetting(text, setting);
            }
        }

        return text.AppendLine().AppendLine(Tail).ToString();
    }

    private static void AppendSetting(StringBuilder text, SettingDefinition setting)
    {
        string repeatable = setting.IsList ? " (repeatable)" : "";
        text.Append(CultureInfo.InvariantCulture, $"  {setting.Flag} ({setting.Name}){repeatable}").AppendLine();
        text.Append(CultureInfo.InvariantCulture, $"      {setting.Meaning}").AppendLine();
        string fallback = setting.Default.Length == 0 ? "" : $"; default {setting.Default}";
        text.Append(CultureInfo.InvariantCulture, $"      takes {setting.Accepted}{fallback}").AppendLine();
    }
}
