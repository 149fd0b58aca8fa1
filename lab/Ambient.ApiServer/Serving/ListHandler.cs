using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
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
    private const int FlushBytes = 64 * 1024;

    public async Task ListAsync(HttpContext context, ResourceRequest request)
    {
        ObjectQuery query = ObjectQuery.Of(request.Namespace, context.Request.Query);
        Page page = Take(request, query, context.Request.Query);
        if (TableDocument.IsWanted(context.Request))
        {
            JsonObject table = TableDocument.Of(request.Kind, page.Objects, page.Version, time.GetUtcNow());
            Describe(table.Metadata(), page);
            await Answer.SendAsync(context, 200, table);
            return;
        }

        JsonObject metadata = new() { ["resourceVersion"] = page.Version.ToString(CultureInfo.InvariantCulture) };
        Describe(metadata, page);
        context.Response.ContentType = "application/json";
        PipeWriter writer = context.Response.BodyWriter;
        string head = $$"""{"kind":"{{request.Kind.Kind}}List","apiVersion":"{{request.Kind.ApiVersion}}","metadata":""";
        writer.Write(Encoding.UTF8.GetBytes(head));
        writer.Write(JsonSerializer.SerializeToUtf8Bytes(metadata, ApiJson.Default.JsonObject));
        writer.Write(",\"items\":["u8);
        for (int index = 0; index < page.Objects.Count; index++)
        {
            if (index > 0)
            {
                writer.Write(","u8);
            }

            writer.Write(page.Objects[index].JsonAs(request.Kind));
            if (writer.UnflushedBytes > FlushBytes)
            {
                await writer.FlushAsync(context.RequestAborted);
            }
        }

        writer.Write("]}"u8);
        await writer.FlushAsync(context.RequestAborted);
    }

    private static void Describe(JsonObject metadata, Page page)
    {
        metadata["continue"] = page.Continue;
        if (page.Remaining > 0)
        {
            metadata["remainingItemCount"] = page.Remaining;
        }
    }

    private Page Take(ResourceRequest request, ObjectQuery query, IQueryCollection parameters)
    {
        (ImmutableSortedSet<StoredObject> all, long version) = storage.List(request.Kind);
        StoredObject after = StoredObject.Place(query.Namespace, string.Empty);
        if (parameters["continue"].ToString() is { Length: > 0 } token)
        {
            (version, after) = Decode(token);
            storage.RequireRemembered(request.Kind, version);
        }

        if (!int.TryParse(parameters["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out int limit) || limit == 0)
        {
            limit = int.MaxValue - 1;
        }

        (List<StoredObject> objects, int next) = Collect(all, PlaceAfter(all, after), query, limit + 1);
        if (objects.Count <= limit)
        {
            return new Page(objects, version, string.Empty, 0);
        }

        objects.RemoveAt(limit);
        int end = query.Namespace.Length == 0 ? all.Count : PlaceAfter(all, StoredObject.Place(query.Namespace + "\0", string.Empty));
        return new Page(objects, version, Encode(version, objects[^1]), query.IsWhole ? end - next + 1 : 0);
    }

    private static (List<StoredObject> Objects, int Next) Collect(ImmutableSortedSet<StoredObject> all, int from, ObjectQuery query, int most)
    {
        List<StoredObject> objects = [];
        if (from == 0 && query.Namespace.Length == 0 && most > all.Count)
        {
            objects.AddRange(query.IsWhole ? all : all.Where(query.Matches));
            return (objects, all.Count);
        }

        int index = from;
        for (; index < all.Count && objects.Count < most; index++)
        {
            StoredObject value = all[index];
            if (query.Namespace.Length > 0 && value.Namespace != query.Namespace)
            {
                break;
            }

            if (query.Matches(value))
            {
                objects.Add(value);
            }
        }

        return (objects, index);
    }

    private static int PlaceAfter(ImmutableSortedSet<StoredObject> all, StoredObject place)
    {
        int index = all.IndexOf(place);
        return index < 0 ? ~index : index + 1;
    }

    private static string Encode(long version, StoredObject last) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{version} {last.Namespace}/{last.Name}")));

    private static (long Version, StoredObject Last) Decode(string token)
    {
        byte[] bytes = new byte[token.Length];
        if (Convert.TryFromBase64String(token, bytes, out int length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(' ', 2) is [{ } version, { } key]
            && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && key.Split('/', 2) is [{ } within, { } name])
        {
            return (number, StoredObject.Place(within, name));
        }

        throw ApiException.BadRequest("continue key is not valid");
    }

    private sealed record Page(IReadOnlyList<StoredObject> Objects, long Version, string Continue, int Remaining);
}
