using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Ambient.ApiServer.Selection;
using Ambient.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace Ambient.ApiServer.Serving;

/// <summary>Tells changes as they are made: one JSON object a line, until the client, its time or a fault ends it.</summary>
internal sealed class WatchHandler(ObjectStorage storage, TimeProvider time)
{
    private static readonly TimeSpan DefaultTime = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromSeconds(30);

    /// <param name="context">The request.</param>
    /// <param name="request">What is watched; with a name, that object alone.</param>
    /// <param name="cut">Ends the watch in the middle, as a broken connection would.</param>
    public async Task WatchAsync(HttpContext context, ResourceRequest request, CancellationToken cut)
    {
        ObjectQuery query = ObjectQuery.Of(request.Namespace, context.Request.Query);
        IQueryCollection parameters = context.Request.Query;
        bool asTable = TableDocument.IsWanted(context.Request);
        long version = Version(parameters["resourceVersion"].ToString());
        IReadOnlyList<StoredObject> first = [];
        if (version == 0)
        {
            (first, version) = storage.List(request.Kind);
        }

        using ObjectWatch watch = storage.Watch(request.Kind, version);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, cut);
        end.CancelAfter(Duration(parameters["timeoutSeconds"].ToString()));
        context.Response.ContentType = "application/json";
        Line line = new(context.Response, request, asTable, time);
        foreach (StoredObject value in first.Where(value => Concerns(request, value) && query.Matches(value)))
        {
            await line.WriteAsync("ADDED", value, value.Version);
        }

        foreach (StorageEvent change in watch.Missed)
        {
            await TellAsync(line, request, query, change);
        }

        await context.Response.Body.FlushAsync(context.RequestAborted);
        await FollowAsync(line, request, query, watch.Changes, parameters["allowWatchBookmarks"] == "true", end.Token);
        if (cut.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private async Task FollowAsync(
        Line line, ResourceRequest request, ObjectQuery query, ChannelReader<StorageEvent> changes, bool withBookmarks, CancellationToken end)
    {
        try
        {
            using PeriodicTimer bookmarks = new(BookmarkInterval, time);
            Task<bool> bookmark = bookmarks.WaitForNextTickAsync(end).AsTask();
            Task<bool> news = changes.WaitToReadAsync(end).AsTask();
            while (true)
            {
                await Task.WhenAny(news, bookmark);
                if (news.IsCompleted)
                {
                    if (!await news)
                    {
                        return;
                    }

                    while (changes.TryRead(out StorageEvent? change))
                    {
                        await TellAsync(line, request, query, change);
                    }

                    await line.FlushAsync();
                    news = changes.WaitToReadAsync(end).AsTask();
                }

                if (bookmark.IsCompleted)
                {
                    await bookmark;
                    if (withBookmarks)
                    {
                        await line.WriteBookmarkAsync(line.Version);
                    }

                    bookmark = bookmarks.WaitForNextTickAsync(end).AsTask();
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Its time is over, or nobody listens any more.
            return;
        }
    }

    private static async Task TellAsync(Line line, ResourceRequest request, ObjectQuery query, StorageEvent change)
    {
        bool was = change.Before is { } before && Concerns(request, before) && query.Matches(before);
        bool isNow = change.After is { } after && Concerns(request, after) && query.Matches(after);
        if (isNow)
        {
            await line.WriteAsync(was ? "MODIFIED" : "ADDED", change.After!, change.Version);
        }
        else if (was)
        {
            await line.WriteAsync("DELETED", change.After ?? change.Before!, change.Version);
        }

        line.Version = change.Version;
    }

    private static bool Concerns(ResourceRequest request, StoredObject value) => request.Name.Length == 0 || value.Name == request.Name;

    private static long Version(string text) =>
        text.Length == 0 ? 0 : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version)
            ? version
            : throw ApiException.BadRequest($"resourceVersion '{text}' is not one of this server");

    private static TimeSpan Duration(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds is > 0 and < 24 * 3600
            ? TimeSpan.FromSeconds(seconds)
            : DefaultTime;

    private sealed class Line(HttpResponse response, ResourceRequest request, bool asTable, TimeProvider time)
    {
        public long Version { get; set; }

        public Task WriteAsync(string type, StoredObject value, long version)
        {
            Version = version;
            JsonObject subject = value.Read();
            subject.Metadata()["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture);
            return WriteAsync(type, asTable ? TableDocument.Of(request.Kind, [StoredObject.Of(subject, version)], version, time.GetUtcNow()) : subject);
        }

        public async Task WriteBookmarkAsync(long version)
        {
            if (version > 0)
            {
                await WriteAsync("BOOKMARK", new JsonObject
                {
                    ["kind"] = request.Kind.Kind,
                    ["apiVersion"] = request.Kind.ApiVersion,
                    ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) },
                });
                await FlushAsync();
            }
        }

        public Task FlushAsync() => response.Body.FlushAsync(response.HttpContext.RequestAborted);

        private Task WriteAsync(string type, JsonObject subject)
        {
            JsonObject line = new() { ["type"] = type, ["object"] = subject };
            byte[] json = [.. JsonSerializer.SerializeToUtf8Bytes(line, ApiJson.Default.JsonObject), (byte)'\n'];
            return response.Body.WriteAsync(json, response.HttpContext.RequestAborted).AsTask();
        }
    }
}
