using System.Text.Json;
using Ambient.ControlPlane.Distribution;
using Ambient.Mesh.Dump;
using Ambient.Mesh.Policies;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Admin;

/// <summary>
/// <c>/debug/resources</c>: the mesh as nodes are given it, in the form of a node proxy's <c>/config_dump</c> (node-proxy 9.6), so that one
/// reader reads both.
/// </summary>
public sealed class ResourcesPage(ResourceCache cache) : IDebugPage
{
    private const int FlushBytes = 64 * 1024;

    private static readonly (ResourceKind Kind, string Key, string Parameter)[] Sections =
    [
        (ResourceKind.Workload, "workloads", "workload"),
        (ResourceKind.Service, "services", "service"),
        (ResourceKind.Authorization, "policies", "policy"),
    ];

    public string Path => "/debug/resources";

    public string Help => "?kind=workload|service|policy&name=: the mesh as nodes are given it; name is a part of a resource's name";

    public async Task ServeAsync(HttpContext context)
    {
        string kind = context.Request.Query["kind"].ToString();
        string name = context.Request.Query["name"].ToString();
        if (kind.Length > 0 && !Sections.Any(section => section.Parameter == kind || section.Key == kind))
        {
            await JsonAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, "kind must be workload, service or policy");
            return;
        }

        JsonAnswer.Begin(context, StatusCodes.Status200OK);
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        await using Utf8JsonWriter json = new(context.Response.BodyWriter, JsonAnswer.Options);
        json.WriteStartObject();
        foreach ((ResourceKind section, string key, string parameter) in Sections)
        {
            if (kind.Length == 0 || parameter == kind || key == kind)
            {
                await WriteAsync(context, json, section, key, name);
            }
        }

        json.WriteEndObject();
    }

    // Piece by piece: a mesh can be larger than one would hold twice.
    private async Task WriteAsync(HttpContext context, Utf8JsonWriter json, ResourceKind kind, string key, string name)
    {
        json.WriteStartArray(key);
        foreach (PublishedResource resource in Select(kind, name))
        {
            Write(json, resource);
            if (json.BytesPending > FlushBytes)
            {
                await json.FlushAsync(context.RequestAborted);
                await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            }
        }

        json.WriteEndArray();
    }

    private IEnumerable<PublishedResource> Select(ResourceKind kind, string name) =>
        ObjectResources.All(kind == ResourceKind.Authorization ? cache.Authorizations : cache.Addresses)
            .Where(resource => resource.Key.Kind == kind && resource.Name.Contains(name, StringComparison.Ordinal))
            .OrderBy(resource => resource.Name, StringComparer.Ordinal);

    private void Write(Utf8JsonWriter json, PublishedResource resource)
    {
        switch (ObjectResources.Decode(resource))
        {
            case Workload workload:
                MeshDump.WriteWorkload(json, workload);
                break;
            case Service service:
                MeshDump.WriteService(json, service, EndpointsOf(service, resource.Name));
                break;
            case AuthorizationPolicy policy:
                MeshDump.WritePolicy(json, policy);
                break;
        }
    }

    private EndpointSet EndpointsOf(Service service, string name)
    {
        MeshSnapshotBuilder members = new();
        members.UpsertService(service);
        foreach (PublishedResource member in cache.Lookup(name))
        {
            if (ObjectResources.Decode(member) is Workload workload)
            {
                members.UpsertWorkload(workload);
            }
        }

        return members.Build().EndpointsOf(service.Key);
    }
}
