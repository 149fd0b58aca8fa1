using System.Net;
using System.Text.Json.Nodes;
using Ambient.ApiServer.Serving;
using Ambient.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace Ambient.ApiServer.Faults;

/// <summary>
/// Faults for people, over HTTP and from this machine alone: <c>POST /faults</c> with
/// <c>{"fault": "Slow", "path": "/pods", "method": "GET", "count": 3, "seconds": 2}</c> adds a rule, <c>GET</c> lists the rules,
/// <c>DELETE</c> takes them back. <c>{"fault": "CutWatches"}</c> and <c>{"fault": "ExpireWatches"}</c> act at once, and
/// <c>{"fault": "Forget"}</c> lets the server forget all past changes.
/// </summary>
internal sealed class FaultRequests(FaultInjector faults, ObjectStorage storage, KindCatalogue kinds)
{
    public const string Path = "/faults";

    private const double MaxSeconds = 300;

    public async Task ServeAsync(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } client || !IPAddress.IsLoopback(client))
        {
            throw new ApiException(403, "Forbidden", "faults are asked for on the server's own machine: send the request from there to its loopback address");
        }

        switch (context.Request.Method)
        {
            case "POST":
                Add(await RequestBody.ReadObjectAsync(context));
                break;
            case "DELETE":
                faults.Clear();
                break;
            case "GET":
                break;
            default:
                throw new ApiException(405, "MethodNotAllowed", "faults take GET, POST and DELETE");
        }

        await Answer.SendAsync(context, 200, new JsonObject { ["rules"] = new JsonArray([.. faults.Rules.Select(Describe)]) });
    }

    private void Add(JsonObject wanted)
    {
        switch (wanted.Text("fault"))
        {
            case "CutWatches":
                faults.CutWatches();
                break;
            case "ExpireWatches":
                faults.ExpireWatches();
                break;
            case "Forget":
                foreach (ServedKind kind in kinds.All)
                {
                    storage.Forget(kind);
                }

                break;
            default:
                faults.Add(Read(wanted));
                break;
        }
    }

    private static FaultRule Read(JsonObject wanted)
    {
        if (!Enum.TryParse(wanted.Text("fault"), ignoreCase: false, out Fault fault) || !Enum.IsDefined(fault) || char.IsDigit(wanted.Text("fault")[0]))
        {
            throw ApiException.BadRequest(
                $"there is no fault '{wanted.Text("fault")}'; use one of {string.Join(", ", Enum.GetNames<Fault>())}, CutWatches, ExpireWatches, Forget");
        }

        double seconds = wanted["seconds"] is JsonValue value && value.TryGetValue(out double said) ? said : 0;
        long count = wanted.Number("count");
        return seconds is >= 0 and <= MaxSeconds && count is >= 0 and <= int.MaxValue
            ? new FaultRule(fault, wanted.Text("path"), (int)count, TimeSpan.FromSeconds(seconds)) { Method = wanted.Text("method") }
            : throw ApiException.BadRequest($"'seconds' is between 0 and {MaxSeconds}, 'count' not negative (0: every request)");
    }

    private static JsonObject Describe(FaultRule rule) => new()
    {
        ["fault"] = rule.Fault.ToString(),
        ["path"] = rule.Path,
        ["method"] = rule.Method,
        ["count"] = rule.Left,
        ["seconds"] = rule.Delay.TotalSeconds,
    };
}
