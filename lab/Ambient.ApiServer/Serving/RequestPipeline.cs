using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ambient.ApiServer.Faults;
using Ambient.ApiServer.Storage;
using Ambient.ApiServer.Tokens;
using Microsoft.AspNetCore.Http;

namespace Ambient.ApiServer.Serving;

/// <summary>One request from its first byte to its answer: fault, credential, document or object.</summary>
internal sealed class RequestPipeline(
    ObjectStorage storage, KindCatalogue kinds, FaultInjector faults, TokenBook tokens, ApiServerOptions options)
{
    private readonly DiscoveryDocuments _documents = new(kinds);
    private readonly ObjectHandler _objects = new(storage, kinds, options.Time);
    private readonly ListHandler _lists = new(storage, options.Time);
    private readonly WatchHandler _watches = new(storage, options.Time);
    private readonly FaultRequests _faultRequests = new(faults, storage, kinds);

    public async Task AnswerAsync(HttpContext context)
    {
        try
        {
            if (context.Request.Path == FaultRequests.Path)
            {
                RequireCredential(context.Request);
                await _faultRequests.ServeAsync(context);
                return;
            }

            WatchFault cut = faults.NextCut;
            if (await FailAsync(context))
            {
                return;
            }

            RequireCredential(context.Request);
            await RouteAsync(context, cut);
        }
        catch (ApiException error) when (!context.Response.HasStarted)
        {
            await Answer.SendAsync(context, error);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more.
            return;
        }
        catch (BadHttpRequestException error) when (!context.Response.HasStarted)
        {
            await Answer.SendAsync(context, new ApiException(error.StatusCode, "BadRequest", error.Message));
        }
        catch (Exception error) when (error is not OperationCanceledException && !context.Response.HasStarted)
        {
            // One request that this server cannot cope with must not look like a server that is gone.
            await Answer.SendAsync(context, new ApiException(500, "InternalError", $"Internal error occurred: {error.Message}"));
        }
    }

    private async Task RouteAsync(HttpContext context, WatchFault cut)
    {
        string path = context.Request.Path.Value ?? string.Empty;
        if (path is "/healthz" or "/readyz" or "/livez")
        {
            await context.Response.WriteAsync("ok", context.RequestAborted);
        }
        else if (path == "/openapi/v2")
        {
            await OpenApiDocument.SendAsync(context);
        }
        else if (ResourceRequest.Parse(path, kinds) is { } request)
        {
            await ServeAsync(context, request, cut);
        }
        else if (_documents.Find(path) is { } document)
        {
            await Answer.SendAsync(context, 200, document);
        }
        else
        {
            throw ApiException.NotFound("the server could not find the requested resource");
        }
    }

    private Task ServeAsync(HttpContext context, ResourceRequest request, WatchFault cut)
    {
        string method = context.Request.Method;
        if (request.Subresource.Length > 0 && !(request.Subresource == "status" && request.Kind.HasStatus))
        {
            return request is { Kind.Plural: "serviceaccounts", Subresource: "token" } && HttpMethods.IsPost(method)
                ? IssueTokenAsync(context, request)
                : throw ApiException.NotFound($"{request.Kind.Plural} have no subresource {request.Subresource}");
        }

        if (request.Kind == BuiltInKinds.TokenReviews)
        {
            return ReviewAsync(context);
        }

        bool isWatch = HttpMethods.IsGet(method) && context.Request.Query["watch"].ToString() is "true" or "1";
        return (method, request.Name.Length > 0) switch
        {
            ("GET", _) when isWatch => _watches.WatchAsync(context, request, cut),
            ("GET", true) => _objects.GetAsync(context, request),
            ("GET", false) => _lists.ListAsync(context, request),
            ("POST", false) => _objects.CreateAsync(context, request),
            ("PUT", true) => _objects.ReplaceAsync(context, request),
            ("PATCH", true) => _objects.PatchAsync(context, request),
            ("DELETE", true) => _objects.DeleteAsync(context, request),
            ("DELETE", false) => _objects.DeleteCollectionAsync(context, request),
            _ => throw new ApiException(405, "MethodNotAllowed", "the server does not allow this method on the requested resource"),
        };
    }

    private async Task ReviewAsync(HttpContext context)
    {
        JsonObject question = await RequestBody.ReadObjectAsync(context);
        await Answer.SendAsync(context, 201, tokens.Review(question, options.Time.GetUtcNow()));
    }

    private async Task IssueTokenAsync(HttpContext context, ResourceRequest request)
    {
        JsonObject question = await RequestBody.ReadObjectAsync(context);
        if (storage.Find(request.Kind, request.Namespace, request.Name) is null)
        {
            throw ApiException.NotFound($"serviceaccounts \"{request.Name}\" not found");
        }

        JsonObject spec = question.Section("spec");
        long seconds = spec.Number("expirationSeconds") is > 0 and var wanted ? Math.Min(wanted, 24 * 3600) : 3600;
        DateTimeOffset expires = options.Time.GetUtcNow().AddSeconds(seconds);
        string audience = (spec["audiences"] as JsonArray)?.FirstOrDefault()?.ToString() ?? "kubernetes";
        question["status"] = new JsonObject
        {
            ["token"] = tokens.Issue(new TokenOwner(request.Namespace, request.Name, audience, expires)
            {
                PodName = (spec.At("boundObjectRef", "name") as JsonValue)?.ToString() ?? "",
                PodUid = (spec.At("boundObjectRef", "uid") as JsonValue)?.ToString() ?? "",
            }),
            ["expirationTimestamp"] = expires.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture),
        };
        await Answer.SendAsync(context, 201, question);
    }

    private void RequireCredential(HttpRequest request)
    {
        if (options.AdminTokens.Count == 0)
        {
            return;
        }

        string header = request.Headers.Authorization.ToString();
        string token = header.StartsWith("Bearer ", StringComparison.Ordinal) ? header["Bearer ".Length..] : string.Empty;
        if (!options.AdminTokens.Any(known => IsSame(known, token)) && (tokens.Find(token) is not { } owner || owner.ExpiresAt <= options.Time.GetUtcNow()))
        {
            throw new ApiException(401, "Unauthorized", "Unauthorized");
        }
    }

    private static bool IsSame(string known, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(known), Encoding.UTF8.GetBytes(given));

    /// <returns>Whether the request has failed as it was told to.</returns>
    private async Task<bool> FailAsync(HttpContext context)
    {
        if (faults.Take(context.Request.Method, context.Request.Path.Value + context.Request.QueryString.Value) is not { } rule)
        {
            return false;
        }

        switch (rule.Fault)
        {
            case Fault.Away:
                context.Abort();
                return true;
            case Fault.InternalError:
                throw new ApiException(500, "InternalError", "Internal error occurred: a fault was asked for");
            case Fault.TooManyRequests:
                throw ApiException.TooMany("too many requests: a fault was asked for");
            case Fault.Expired:
                throw ApiException.Expired("too old resource version: a fault was asked for");
            default:
                await Task.Delay(rule.Delay, options.Time, context.RequestAborted);
                return false;
        }
    }
}
