using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.ControlPlane.Admin;

/// <summary>One port of plain HTTP that answers GET of a few pages.</summary>
public sealed class PageListener : IAsyncDisposable
{
    private const int MaxConnections = 64;
    private const int MaxHeaderBytes = 16 * 1024;

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;

    private PageListener(WebApplication app) => _app = app;

    /// <summary>Where it listens, with the port that it was given.</summary>
    public IPEndPoint Address { get; private set; } = null!;

    /// <param name="address">Port 0 takes a free one.</param>
    /// <param name="pages">By path.</param>
    /// <exception cref="IOException">The address is taken.</exception>
    public static async Task<PageListener> StartAsync(IPEndPoint address, IReadOnlyDictionary<string, RequestDelegate> pages)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, address));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        PageListener listener = new(builder.Build());
        listener._app.Run(context => AnswerAsync(context, pages));
        await listener._app.StartAsync();
        listener.Address = new IPEndPoint(address.Address, new Uri(listener._app.Urls.First()).Port);
        return listener;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Configure(KestrelServerOptions kestrel, IPEndPoint address)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        kestrel.Listen(address, listen => listen.Protocols = HttpProtocols.Http1);
    }

    private static Task AnswerAsync(HttpContext context, IReadOnlyDictionary<string, RequestDelegate> pages)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return Task.CompletedTask;
        }

        if (pages.TryGetValue(context.Request.Path.Value ?? string.Empty, out RequestDelegate? page))
        {
            return page(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return context.Response.WriteAsync($"no such page; there are: {string.Join(' ', pages.Keys.Order(StringComparer.Ordinal))}\n", context.RequestAborted);
    }
}
