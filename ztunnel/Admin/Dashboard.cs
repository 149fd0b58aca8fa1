using System.Net;
using System.Text;
using Ambient.Ztunnel.Configuration;

namespace Ambient.Ztunnel.Admin;

/// <summary>The page at <c>/</c>: is it well, what is there to see, how is it set.</summary>
internal sealed class Dashboard(
    VersionInfo version, ReadinessTasks readiness, EffectiveConfiguration configuration, AdminOptions addresses, TimeProvider time)
{
    private const string Style =
        "body{font:15px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        + "table{border-collapse:collapse}td,th{text-align:left;padding:.2rem 1.2rem .2rem 0;vertical-align:top}"
        + "code{background:#eee;padding:.1rem .3rem}";

    private readonly DateTimeOffset _started = time.GetUtcNow();

    public ReadOnlyMemory<byte> Build()
    {
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>ztunnel</title><style>")
            .Append(Style)
            .Append("</style></head><body><h1>ztunnel</h1>");
        AppendState(page);
        AppendPages(page);
        page.Append("<h2>Settings</h2><table>");
        foreach ((string name, string value) in configuration.Lines)
        {
            AppendRow(page, name, WebUtility.HtmlEncode(value));
        }

        page.Append("</table></body></html>\n");
        return Encoding.UTF8.GetBytes(page.ToString());
    }

    private void AppendState(StringBuilder page)
    {
        IReadOnlyList<string> pending = readiness.Pending;
        string state = pending.Count == 0 ? "ready" : "not ready, waiting for: " + string.Join(", ", pending);
        page.Append("<table>");
        AppendRow(page, "State", WebUtility.HtmlEncode(state));
        AppendRow(page, "Version", WebUtility.HtmlEncode(version.ToString()));
        AppendRow(page, "Up since", _started.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'"));
        page.Append("</table>");
    }

    private void AppendPages(StringBuilder page)
    {
        string admin = addresses.Admin.ToString();
        page.Append("<h2>Pages</h2><table>");
        AppendRow(page, "<a href=\"/config_dump\">/config_dump</a>", "workloads, services, policies, certificates, pods and settings, as JSON");
        AppendRow(page, "<a href=\"/debug/failures\">/debug/failures</a>", "the last 100 failed connections, why, and what to do about each; takes ?pod=, ?peer=, ?reason=");
        AppendRow(page, "/logging", $"log level: <code>curl -X POST '{admin}/logging?level=access=debug'</code>");
        AppendRow(page, "/quitquitquit", $"graceful stop: <code>curl -X POST {admin}/quitquitquit</code>");
        AppendRow(page, "/stats/prometheus", $"metrics, on {addresses.Stats}");
        AppendRow(page, "/healthz/ready", $"readiness, on {addresses.Readiness}");
        page.Append("</table>");
    }

    /// <summary>Both cells are HTML already.</summary>
    private static void AppendRow(StringBuilder page, string name, string value) =>
        page.Append("<tr><th>").Append(name).Append("</th><td>").Append(value).Append("</td></tr>");
}
