using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Admin;

/// <summary>Joins Kestrel to the pages of one listener.</summary>
internal sealed class PagesApplication(IHttpPages pages, ILogger logger) : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public async Task ProcessRequestAsync(HttpContext context)
    {
        try
        {
            await pages.ServeAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            AdminLog.ClientWentAway(logger, context.Request.Path);
        }
        catch (Exception failure)
        {
            AdminLog.PageFailed(logger, context.Request.Path, failure);
            if (!context.Response.HasStarted)
            {
                context.Response.Clear();
                await PlainText.WriteAsync(context, StatusCodes.Status500InternalServerError, "internal error; see the log\n");
            }
        }
    }

    /// <summary>The context holds no resource of its own; Kestrel owns the features.</summary>
    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }
}
