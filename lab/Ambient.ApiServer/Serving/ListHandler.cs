using System.Globalization;
using System.Text;
using Ambient.ApiServer.Selection;
using Ambient.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace Ambient.ApiServer.Serving;

/// <summary>
/// Lists objects, page by page where a limit is given. Later pages say the version of the first: a watch from there tells what changed in
/// between.
/// </summary>
internal sealed class ListHandler(ObjectStorage storage, TimeProvider time)
{
    private static readonly byte[] Comma = ","u8.ToArray();

    public async Task ListAsync(HttpContext context, ResourceRequest request)
    {
        ObjectQuery query = ObjectQuery.Of(request.Namespace, context.Request.Query);
        Page page = Take(request, query, context.Request.Query);
        if (TableDocument.IsWanted(context.Request))
        {
            await Answer.SendAsync(context, 200, TableDocument.Of(request.Kind, page.Objects, page.Version, time.GetUtcNow()));
            return;
        }

        context.Response.ContentType = "application/json";
        string rest = page.Remaining > 0 ? $",\"remainingItemCount\":{page.Remaining.ToString(CultureInfo.InvariantCulture)}" : string.Empty;
        await WriteAsync(
            context,
            $$"""{"kind":"{{request.Kind.Kind}}List","apiVersion":"{{request.Kind.ApiVersion}}","metadata":{"resourceVersion":"{{page.Version}}","continue":"{{page.Continue}}"{{rest}}},"items":[""");
        for (int index = 0; index < page.Objects.Count; index++)
        {
            if (index > 0)
            {
                await context.Response.Body.WriteAsync(Comma, context.RequestAborted);
            }

            await context.Response.Body.WriteAsync(page.Objects[index].Json, context.RequestAborted);
        }

        await WriteAsync(context, "]}");
    }

    /// <summary>Removes every object that the query means.</summary>
    public async Task DeleteAsync(HttpContext context, ResourceRequest request)
    {
        ObjectQuery query = ObjectQuery.Of(request.Namespace, context.Request.Query);
        foreach (StoredObject value in storage.List(request.Kind).Objects.Where(query.Matches))
        {
            storage.Change(request.Kind, value.Namespace, value.Name, before => before is null ? null : ObjectRules.Delete(before, time.GetUtcNow()));
        }

        await Answer.SendAsync(context, 200, new System.Text.Json.Nodes.JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Success" });
    }

    private Page Take(ResourceRequest request, ObjectQuery query, IQueryCollection parameters)
    {
        (IReadOnlyList<StoredObject> all, long version) = storage.List(request.Kind);
        string after = string.Empty;
        if (parameters["continue"].ToString() is { Length: > 0 } token)
        {
            (version, after) = Decode(token);
            using ObjectWatch isRemembered = storage.Watch(request.Kind, version);
        }

        IEnumerable<StoredObject> wanted = all.Where(value => string.CompareOrdinal(Key(value), after) > 0 && query.Matches(value));
        if (!int.TryParse(parameters["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out int limit) || limit == 0)
        {
            return new Page([.. wanted], version, string.Empty, 0);
        }

        List<StoredObject> objects = [.. wanted.Take(limit + 1)];
        if (objects.Count <= limit)
        {
            return new Page(objects, version, string.Empty, 0);
        }

        objects.RemoveAt(limit);
        return new Page(objects, version, Encode(version, Key(objects[^1])), all.Count(value => string.CompareOrdinal(Key(value), Key(objects[^1])) > 0));
    }

    private static string Key(StoredObject value) => $"{value.Namespace}/{value.Name}";

    private static string Encode(long version, string key) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{version} {key}"));

    private static (long Version, string Key) Decode(string token)
    {
        byte[] bytes = new byte[token.Length];
        if (Convert.TryFromBase64String(token, bytes, out int length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(' ', 2) is [{ } version, { } key]
            && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            return (number, key);
        }

        throw ApiException.BadRequest("continue key is not valid");
    }

    private static Task WriteAsync(HttpContext context, string text) =>
        context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted).AsTask();

    private sealed record Page(IReadOnlyList<StoredObject> Objects, long Version, string Continue, int Remaining);
}
