using System.Text.Json;
using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Xds;
using Ambient.Xds;
using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Admin;

/// <summary><c>/debug/proxies</c>: who is connected, and how far behind the newest change each of them is.</summary>
public sealed class ProxiesPage(Func<IEnumerable<ProxyReport>> proxies, ResourceCache cache) : IDebugPage
{
    public string Path => "/debug/proxies";

    public string Help => "every connected proxy: who it is, since when, how far behind with each type, what it refused and why";

    public Task ServeAsync(HttpContext context) => JsonAnswer.WriteAsync(context, json =>
    {
        // Taken before the newest places: a proxy is never shown ahead of them.
        ProxyReport[] reports = [.. proxies().OrderBy(report => report.Node.Id, StringComparer.Ordinal)];
        json.WriteStartObject();
        json.WriteStartObject("newest");
        json.WriteNumber(TypeNames.Address, cache.Addresses.Sequence);
        json.WriteNumber(TypeNames.Authorization, cache.Authorizations.Sequence);
        json.WriteEndObject();
        json.WriteStartArray("proxies");
        foreach (ProxyReport report in reports)
        {
            Write(json, report);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private void Write(Utf8JsonWriter json, ProxyReport report)
    {
        json.WriteStartObject();
        json.WriteString("id", report.Node.Id);
        json.WriteString("kind", report.Node.Kind);
        json.WriteString("name", report.Node.PodName);
        json.WriteString("namespace", report.Node.PodNamespace);
        json.WriteString("node", report.Node.NodeName);
        json.WriteString("version", report.Node.Version);
        json.WriteString("connectedSince", report.ConnectedAt);
        json.WriteStartArray("types");
        foreach (TypeReport type in report.Types)
        {
            long newest = type.TypeUrl == XdsTypes.Authorization ? cache.Authorizations.Sequence : cache.Addresses.Sequence;
            json.WriteStartObject();
            json.WriteString("type", TypeNames.Of(type.TypeUrl));
            json.WriteBoolean("onDemand", !type.IsWildcard);
            json.WriteNumber("sent", type.Sent);
            json.WriteNumber("accepted", type.Accepted);
            json.WriteNumber("behind", Math.Max(0, newest - type.Accepted));
            json.WriteNumber("refusals", type.Refusals);
            json.WriteString("lastRefusal", type.LastRefusal);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
