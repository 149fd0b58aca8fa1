using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Admin;

/// <summary>Port 15000 (node-proxy 9.5).</summary>
/// <param name="shutdown">Starts the graceful stop and returns at once.</param>
internal sealed class AdminPages(
    Dashboard dashboard, ConfigDump dump, FailuresPage failures, LoggingPage logging, Action shutdown, ILogger logger) : IHttpPages
{
    public Task ServeAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/" => PlainText.WriteAsync(context, StatusCodes.Status200OK, "text/html; charset=utf-8", dashboard.Build()),
        "/config_dump" => PlainText.WriteAsync(context, StatusCodes.Status200OK, "application/json", dump.Build()),
        "/debug/failures" => failures.ServeAsync(context),
        "/logging" => logging.ServeAsync(context),
        "/quitquitquit" => QuitAsync(context),
        { } path when path.StartsWith(PprofPages.Prefix, StringComparison.Ordinal) => PprofPages.ServeAsync(context),
        _ => PlainText.WriteAsync(context, StatusCodes.Status404NotFound, "not found; / lists the pages\n"),
    };

    private Task QuitAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            return PlainText.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "Invalid HTTP method\n");
        }

        AdminLog.ShutdownAsked(logger);

        // After the answer, so that the caller learns that it was heard.
        context.Response.OnCompleted(() =>
        {
            shutdown();
            return Task.CompletedTask;
        });
        return PlainText.WriteAsync(context, StatusCodes.Status200OK, "shutdown now\n");
    }
}
