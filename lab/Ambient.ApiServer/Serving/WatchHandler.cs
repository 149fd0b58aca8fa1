using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Ambient.ApiServer.Faults;
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
    /// <param name="fault">Ends the watch in the middle.</param>
    public async Task WatchAsync(HttpContext context, ResourceRequest request, WatchFault fault)
    {
        ObjectQuery query = ObjectQuery.Of(request.Namespace, context.Request.Query);
        IQueryCollection parameters = context.Request.Query;
        bool withInitial = parameters["sendInitialEvents"] == "true";
        long version = Version(parameters["resourceVersion"].ToString());
        IReadOnlyCollection<StoredObject> first = [];
        if (version == 0 || withInitial)
        {
            (first, version) = storage.List(request.Kind);
        }

        using ObjectWatch watch = storage.Watch(request.Kind, version);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, fault.Cancellation);
        end.CancelAfter(Duration(parameters["timeoutSeconds"].ToString()));
        context.Response.ContentType = "application/json";
        WatchLines lines = new(context, request.Kind, time) { Version = version };
        foreach (StoredObject value in first.Where(value => Concerns(request, value) && query.Matches(value)))
        {
            lines.Write("ADDED", value);
            await lines.FlushFullAsync();
        }

        if (withInitial)
        {
            lines.WriteBookmark(isInitial: true);
        }

        foreach (StorageEvent change in watch.Missed)
        {
            Tell(lines, request, query, change);
            await lines.FlushFullAsync();
        }

        await lines.FlushAsync();
        await FollowAsync(lines, request, query, watch.Changes, parameters["allowWatchBookmarks"] == "true", end.Token);
        if (fault.Cancellation.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            await EndAsync(context, lines, fault);
        }
    }

    private static async Task EndAsync(HttpContext context, WatchLines lines, WatchFault fault)
    {
        if (fault.Error is null)
        {
            context.Abort();
            return;
        }

        lines.WriteError(fault.Error);
        await lines.FlushAsync();
    }

    private async Task FollowAsync(
        WatchLines lines, ResourceRequest request, ObjectQuery query, ChannelReader<StorageEvent> changes, bool withBookmarks, CancellationToken end)
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
                        Tell(lines, request, query, change);
                        await lines.FlushFullAsync();
                    }

                    await lines.FlushAsync();
                    news = changes.WaitToReadAsync(end).AsTask();
                }

                if (bookmark.IsCompleted)
                {
                    await bookmark;
                    if (withBookmarks)
                    {
                        lines.WriteBookmark(isInitial: false);
                        await lines.FlushAsync();
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

    private static void Tell(WatchLines lines, ResourceRequest request, ObjectQuery query, StorageEvent change)
    {
        bool was = change.Before is { } before && Concerns(request, before) && query.Matches(before);
        bool isNow = change.After is { } after && Concerns(request, after) && query.Matches(after);
        if (isNow)
        {
            lines.Write(was ? "MODIFIED" : "ADDED", change.After!);
        }
        else if (was)
        {
            lines.Write("DELETED", (change.After ?? change.Gone)!);
        }

        lines.Version = change.Version;
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
}
