using System.Globalization;
using System.Text.Json;
using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Xds;
using Ambient.Xds;
using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Admin;

/// <summary>
/// <c>/debug/live</c>: what an object led to, and which proxies have accepted all of it. A proxy that takes resources by name counts only if
/// it has asked for one of them.
/// </summary>
/// <param name="proxies">Every connected proxy.</param>
/// <param name="resources">Finds what an object led to.</param>
/// <param name="applied">Where in the order of changes objects went out.</param>
/// <param name="findings">What is not honoured now.</param>
public sealed class LivePage(
    Func<IEnumerable<ConnectedProxy>> proxies, ObjectResources resources, AppliedObjects applied, Func<IReadOnlyList<Finding>> findings) : IDebugPage
{
    public string Path => "/debug/live";

    public string Help => "?kind=&namespace=&name=: what an object led to, and which connected proxies have accepted it";

    public Task ServeAsync(HttpContext context)
    {
        string kindName = context.Request.Query["kind"].ToString();
        string name = context.Request.Query["name"].ToString();
        if (!ObjectKindNames.TryParse(kindName, out ObjectKind kind))
        {
            return JsonAnswer.RefuseAsync(
                context, StatusCodes.Status400BadRequest, $"kind must be one of {string.Join(", ", ObjectKindNames.All)}");
        }

        if (name.Length == 0)
        {
            return JsonAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, "name the object: ?kind=KIND&namespace=NAMESPACE&name=NAME");
        }

        string home = ObjectKindNames.IsClusterWide(kind) ? string.Empty : context.Request.Query["namespace"].ToString();
        ObjectKey key = new(kind, home, name);
        return JsonAnswer.WriteAsync(context, json => Write(json, key));
    }

    private void Write(Utf8JsonWriter json, ObjectKey key)
    {
        // In this order: what is published after it was looked at is for the next question.
        AppliedObject? place = applied.Find(key);
        IReadOnlyList<PublishedResource> found = resources.Of(key);
        Requirement[] required = [.. Require(place, found)];
        json.WriteStartObject();
        json.WriteString("kind", key.Kind.ToString());
        json.WriteString("namespace", key.Namespace);
        json.WriteString("name", key.Name);
        json.WriteBoolean("known", place is not null || found.Count > 0);
        json.WriteNumber("generation", place?.Generation ?? 0);
        json.WriteStartArray("resources");
        foreach (PublishedResource resource in found.OrderBy(resource => resource.Name, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("kind", resource.Key.Kind.ToString());
            json.WriteString("name", resource.Name);
            json.WriteString("version", resource.Content!.Version);
            json.WriteNumber("sequence", resource.Sequence);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteProxies(json, required, found);
        FindingsPage.Write(json, findings().Where(finding => finding.Object == key));
        json.WriteEndObject();
    }

    private void WriteProxies(Utf8JsonWriter json, Requirement[] required, IReadOnlyList<PublishedResource> found)
    {
        ConnectedProxy[] connected = [.. proxies().OrderBy(proxy => proxy.Report.Node.Id, StringComparer.Ordinal)];
        ConnectedProxy[] concerned = [.. connected.Where(proxy => Concerns(proxy, found))];
        (ProxyReport Report, string Lacks)[] lacking = [.. concerned
            .Select(proxy => (proxy.Report, Lacks: Lacks(proxy.Report, required)))
            .Where(pair => pair.Lacks is not null)
            .Select(pair => (pair.Report, pair.Lacks!))];
        json.WriteNumber("connected", connected.Length);
        json.WriteNumber("of", concerned.Length);
        json.WriteNumber("live", concerned.Length - lacking.Length);
        json.WriteStartArray("lacking");
        foreach ((ProxyReport report, string lacks) in lacking)
        {
            json.WriteStartObject();
            json.WriteString("id", report.Node.Id);
            json.WriteString("name", report.Node.PodName);
            json.WriteString("node", report.Node.NodeName);
            json.WriteString("reason", lacks);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static IEnumerable<Requirement> Require(AppliedObject? place, IReadOnlyList<PublishedResource> found)
    {
        long addresses = Newest(found.Where(resource => resource.Key.Kind != ResourceKind.Authorization), place?.Addresses);
        long authorizations = Newest(found.Where(resource => resource.Key.Kind == ResourceKind.Authorization), place?.Authorizations);
        if (authorizations > 0)
        {
            yield return new Requirement(XdsTypes.Authorization, authorizations);
        }

        if (addresses > 0)
        {
            yield return new Requirement(XdsTypes.Address, addresses);
        }
    }

    private static long Newest(IEnumerable<PublishedResource> found, long? place) =>
        found.Select(resource => resource.Sequence).Append(place ?? 0).Max();

    private static bool Concerns(ConnectedProxy proxy, IReadOnlyList<PublishedResource> found)
    {
        TypeReport? addresses = proxy.Report.Types.FirstOrDefault(type => type.TypeUrl == XdsTypes.Address);
        bool asksByName = addresses is { IsWildcard: false } && found.Count > 0;
        return !asksByName
            || found.Any(resource => resource.Key.Kind == ResourceKind.Authorization || proxy.Takes(XdsTypes.Address, resource.Name));
    }

    // Null when it lacks nothing. A proxy that has just connected has asked for nothing yet, but will.
    private static string? Lacks(ProxyReport report, Requirement[] required)
    {
        foreach (Requirement requirement in required)
        {
            TypeReport? type = report.Types.FirstOrDefault(type => type.TypeUrl == requirement.TypeUrl);
            if (type is null)
            {
                return $"has not asked for {TypeNames.Of(requirement.TypeUrl)} resources yet";
            }

            if (type.HasRefused(requirement.Sequence))
            {
                return $"refused it: {type.LastRefusal}";
            }

            if (type.Accepted < requirement.Sequence)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"is at {type.Accepted} of {requirement.Sequence} with {TypeNames.Of(requirement.TypeUrl)} resources{(type.Sent < requirement.Sequence ? ", not sent yet" : ", sent and not answered")}");
            }
        }

        return null;
    }

    /// <summary>How far with a type a proxy must be.</summary>
    private readonly record struct Requirement(string TypeUrl, long Sequence);
}
