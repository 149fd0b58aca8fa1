using System.Net;
using Ambient.ControlPlane.Admin;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.InProcessTests.Cli;

/// <summary>The debug pages on a free loopback port.</summary>
internal sealed class DebugServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DebugServer(WebApplication app) => _app = app;

    public string Address => new Uri(_app.Urls.First()).Authority;

    public static async Task<DebugServer> StartAsync(DebugPages pages)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        DebugServer server = new(builder.Build());
        server._app.Run(pages.ServeAsync);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
