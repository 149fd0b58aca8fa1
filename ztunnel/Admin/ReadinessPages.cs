using Microsoft.AspNetCore.Http;

namespace Ambient.Ztunnel.Admin;

/// <summary>Port 15021 (node-proxy 9.7).</summary>
internal sealed class ReadinessPages(ReadinessTasks tasks) : IHttpPages
{
    private const string Path = "/healthz/ready";

    public Task ServeAsync(HttpContext context)
    {
        if (context.Request.Path != Path)
        {
            return PlainText.WriteAsync(context, StatusCodes.Status404NotFound, $"not found; readiness is at {Path}\n");
        }

        if (!HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Get;
            return PlainText.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "only GET is allowed\n");
        }

        IReadOnlyList<string> pending = tasks.Pending;
        return pending.Count == 0
            ? PlainText.WriteAsync(context, StatusCodes.Status200OK, "ready\n")
            : PlainText.WriteAsync(
                context, StatusCodes.Status500InternalServerError, $"not ready, pending: {string.Join(", ", pending)}\n");
    }
}
