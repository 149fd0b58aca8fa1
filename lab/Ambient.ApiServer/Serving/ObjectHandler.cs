using System.Text.Json.Nodes;
using Ambient.ApiServer.Patching;
using Ambient.ApiServer.Selection;
using Ambient.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace Ambient.ApiServer.Serving;

/// <summary>Creates, reads, changes and removes one object.</summary>
internal sealed class ObjectHandler(ObjectStorage storage, KindCatalogue kinds, TimeProvider time)
{
    /// <summary>The object; a table where that is asked for.</summary>
    public Task GetAsync(HttpContext context, ResourceRequest request)
    {
        StoredObject found = storage.Find(request.Kind, request.Namespace, request.Name) ?? throw Missing(request);
        return TableDocument.IsWanted(context.Request)
            ? Answer.SendAsync(context, 200, TableDocument.Of(request.Kind, [found], found.Version, time.GetUtcNow()))
            : Answer.SendAsync(context, 200, found.JsonAs(request.Kind));
    }

    public async Task CreateAsync(HttpContext context, ResourceRequest request)
    {
        JsonObject value = await RequestBody.ReadObjectAsync(context);
        RequireNamespace(request);
        FieldValidation validation = FieldValidation.Of(context.Request.Query);
        JsonObject made = ObjectRules.Create(request.Kind, value, request.Namespace, validation, time.GetUtcNow());
        string name = made.Metadata().Text("name");
        StoredObject stored = Change(context, request with { Name = name }, before => before is null
            ? made
            : throw ApiException.AlreadyExists($"{request.Kind.GroupResource} \"{name}\" already exists"));
        validation.Warn(context.Response);
        await Answer.SendAsync(context, 201, stored.JsonAs(request.Kind));
    }

    public async Task ReplaceAsync(HttpContext context, ResourceRequest request)
    {
        JsonObject value = await RequestBody.ReadObjectAsync(context);
        FieldValidation validation = FieldValidation.Of(context.Request.Query);
        StoredObject stored = Change(context, request, before => Owned(
            context, request, before ?? throw Missing(request), ObjectRules.Update(request.Kind, before, value, request.Subresource, validation)));
        validation.Warn(context.Response);
        await Answer.SendAsync(context, 200, stored.JsonAs(request.Kind));
    }

    public async Task PatchAsync(HttpContext context, ResourceRequest request)
    {
        string format = context.Request.ContentType?.Split(';')[0].Trim() ?? string.Empty;
        JsonNode? patch = await RequestBody.ReadAsync(context);
        FieldValidation validation = FieldValidation.Of(context.Request.Query);
        bool isNew = false;
        StoredObject stored = Change(context, request, before =>
        {
            isNew = before is null;
            if (before is not null)
            {
                JsonObject after = ObjectRules.Update(
                    request.Kind, before, Patched(context, request, before.Read(), patch, format), request.Subresource, validation);
                return format == RequestBody.ApplyPatch ? after : Owned(context, request, before, after);
            }

            if (format != RequestBody.ApplyPatch || request.Subresource.Length > 0)
            {
                throw Missing(request);
            }

            RequireNamespace(request);
            JsonObject made = Patched(context, request, [], patch, format);
            made.Metadata()["name"] = request.Name;
            return ObjectRules.Create(request.Kind, made, request.Namespace, validation, time.GetUtcNow());
        });
        validation.Warn(context.Response);
        await Answer.SendAsync(context, isNew ? 201 : 200, stored.JsonAs(request.Kind));
    }

    public async Task DeleteAsync(HttpContext context, ResourceRequest request)
    {
        JsonObject options = await RequestBody.ReadAsync(context) as JsonObject ?? [];
        if (IsDryRun(context, options))
        {
            StoredObject there = storage.Find(request.Kind, request.Namespace, request.Name) ?? throw Missing(request);
            RequirePreconditions(options, there, request);
            await Answer.SendAsync(context, 200, there.JsonAs(request.Kind));
            return;
        }

        StorageEvent made = Delete(request.Kind, request.Namespace, request.Name, before =>
            RequirePreconditions(options, before ?? throw Missing(request), request));
        await Answer.SendAsync(context, 200, (made.After ?? made.Before)!.JsonAs(request.Kind));
    }

    /// <summary>Removes every object that the query means.</summary>
    public async Task DeleteCollectionAsync(HttpContext context, ResourceRequest request)
    {
        JsonObject options = await RequestBody.ReadAsync(context) as JsonObject ?? [];
        ObjectQuery query = ObjectQuery.Of(request.Namespace, context.Request.Query);
        if (!IsDryRun(context, options))
        {
            foreach (StoredObject value in storage.List(request.Kind).Objects.Where(query.Matches))
            {
                Delete(request.Kind, value.Namespace, value.Name, _ => { });
            }
        }

        await Answer.SendAsync(context, 200, new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success" });
    }

    private static bool IsDryRun(HttpContext context, JsonObject options) =>
        context.Request.Query["dryRun"].ToString() == "All" || options["dryRun"] is JsonArray { Count: > 0 };

    private StorageEvent Delete(ServedKind kind, string @namespace, string name, Action<StoredObject?> check)
    {
        StorageEvent made = storage.Change(kind, @namespace, name, before =>
        {
            check(before);
            return before is null ? null : ObjectRules.Delete(before, time.GetUtcNow());
        });
        if (made is { After: null, Before: { } removed })
        {
            OnRemoved(kind, removed);
        }

        return made;
    }

    private StoredObject Change(HttpContext context, ResourceRequest request, Func<StoredObject?, JsonObject> change)
    {
        if (context.Request.Query["dryRun"].ToString() == "All")
        {
            StoredObject? before = storage.Find(request.Kind, request.Namespace, request.Name);
            return StoredObject.Of(change(before), before?.Version ?? storage.Version);
        }

        StorageEvent made = storage.Change(request.Kind, request.Namespace, request.Name, before =>
        {
            JsonObject after = change(before);
            return before is not null && ObjectRules.IsReleased(after) ? null : after;
        });
        if (made.After is null)
        {
            OnRemoved(request.Kind, made.Before!);
            return made.Before!;
        }

        if (request.Kind == BuiltInKinds.Definitions)
        {
            kinds.Define(made.After.Read());
        }

        return made.After;
    }

    private void OnRemoved(ServedKind kind, StoredObject removed)
    {
        if (kind == BuiltInKinds.Definitions)
        {
            Withdraw(removed.Name);
        }
        else if (kind == BuiltInKinds.Namespaces)
        {
            foreach (ServedKind within in kinds.All.Where(other => other.Namespaced))
            {
                RemoveAll(within, value => value.Namespace == removed.Name);
            }
        }
    }

    private void Withdraw(string name)
    {
        foreach (ServedKind kind in kinds.All.Where(kind => kind.IsCustom && kind.GroupResource == name))
        {
            RemoveAll(kind, _ => true);
            storage.EndWatches(kind);
        }

        kinds.Withdraw(name);
    }

    private void RemoveAll(ServedKind kind, Func<StoredObject, bool> isMeant)
    {
        foreach (StoredObject value in storage.List(kind).Objects.Where(isMeant))
        {
            storage.Change(kind, value.Namespace, value.Name, _ => null);
        }
    }

    private JsonObject Owned(HttpContext context, ResourceRequest request, StoredObject before, JsonObject after)
    {
        string manager = context.Request.Query["fieldManager"].ToString() is { Length: > 0 } said ? said : context.Request.Headers.UserAgent.ToString().Split('/')[0];
        Ownership.Take(before.Look(), after, manager, request.Subresource, time.GetUtcNow());
        return after;
    }

    private JsonObject Patched(HttpContext context, ResourceRequest request, JsonObject before, JsonNode? patch, string format)
    {
        switch (format)
        {
            case RequestBody.JsonPatch:
                return JsonPatch.Apply(before, patch) as JsonObject ?? throw ApiException.BadRequest("the patch makes something else of the object");
            case RequestBody.MergePatch:
                return MergePatch.Apply(before, Fields(patch)) as JsonObject ?? throw ApiException.BadRequest("the patch makes something else of the object");
            case RequestBody.StrategicPatch when !request.Kind.IsCustom:
                StrategicPatch.Apply(before, Fields(patch));
                return before;
            case RequestBody.ApplyPatch:
                ApplyFields(context, request, before, Fields(patch));
                return before;
            default:
                throw ApiException.Unsupported($"the body of the request was in an unknown format: '{format}'; use one of {string.Join(", ", RequestBody.Patches)}");
        }
    }

    private void ApplyFields(HttpContext context, ResourceRequest request, JsonObject before, JsonObject configuration)
    {
        string manager = context.Request.Query["fieldManager"].ToString();
        if (manager.Length == 0)
        {
            throw ApiException.BadRequest("PatchOptions.meta.k8s.io is invalid: fieldManager: Required value: is required for apply patch");
        }

        if (configuration.Metadata().Text("name") is { Length: > 0 } name && name != request.Name)
        {
            throw ApiException.BadRequest($"the name of the object ({name}) does not match the name on the URL ({request.Name})");
        }

        bool force = context.Request.Query["force"].ToString() is "true" or "True" or "1";
        configuration["apiVersion"] ??= request.Kind.ApiVersion;
        ServerSideApply.Apply(before, configuration, manager, request.Subresource, force, time.GetUtcNow());
    }

    private void RequireNamespace(ResourceRequest request)
    {
        if (!request.Kind.Namespaced)
        {
            return;
        }

        if (request.Namespace.Length == 0)
        {
            throw ApiException.BadRequest($"a {request.Kind.Kind} is created in a namespace");
        }

        if (storage.Find(BuiltInKinds.Namespaces, string.Empty, request.Namespace) is null)
        {
            throw ApiException.NotFound($"namespaces \"{request.Namespace}\" not found");
        }
    }

    private static void RequirePreconditions(JsonObject options, StoredObject before, ResourceRequest request)
    {
        JsonObject metadata = before.Read().Metadata();
        foreach (string field in new[] { "uid", "resourceVersion" })
        {
            if (options.At("preconditions", field) is JsonValue wanted && wanted.ToString() != metadata.Text(field))
            {
                throw ApiException.Conflict(
                    $"Precondition failed: {field} of {request.Kind.GroupResource} \"{request.Name}\" is {metadata.Text(field)}, not {wanted}");
            }
        }
    }

    private static JsonObject Fields(JsonNode? patch) => patch as JsonObject ?? throw ApiException.BadRequest("the patch is not an object");

    private static ApiException Missing(ResourceRequest request) => ApiException.NotFound($"{request.Kind.GroupResource} \"{request.Name}\" not found");
}
