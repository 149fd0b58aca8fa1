using System.Globalization;
using System.Text.Json;
using Ambient.ControlPlane.Xds;
using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Admin;

/// <summary><c>/debug/syncz</c>, in the form that readers of istiod's page know (control-plane-and-cni 5.11).</summary>
public sealed class SynczPage(Func<IEnumerable<ProxyReport>> proxies, string clusterId) : IDebugPage
{
    public string Path => "/debug/syncz";

    public string Help => "what each connected proxy was sent and has accepted, by type";

    public Task ServeAsync(HttpContext context) => JsonAnswer.WriteAsync(context, json =>
    {
        json.WriteStartArray();
        foreach (ProxyReport report in proxies().OrderBy(report => report.Node.Id, StringComparer.Ordinal))
        {
            Write(json, report);
        }

        json.WriteEndArray();
    });

    private void Write(Utf8JsonWriter json, ProxyReport report)
    {
        json.WriteStartObject();
        json.WriteString("cluster_id", clusterId);
        json.WriteString("proxy", $"{report.Node.PodName}.{report.Node.PodNamespace}");
        json.WriteString("proxy_type", report.Node.Kind);
        json.WriteString("proxy_version", report.Node.Version);
        json.WriteString("istio_version", report.Node.Version);
        json.WriteStartObject("resources");
        foreach (TypeReport type in report.Types)
        {
            json.WriteStartObject(type.TypeUrl);
            json.WriteString("sent", type.Sent.ToString(CultureInfo.InvariantCulture));
            json.WriteString("acked", type.Accepted.ToString(CultureInfo.InvariantCulture));
            if (type.LastRefusal.Length > 0)
            {
                json.WriteString("lastError", type.LastRefusal);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
