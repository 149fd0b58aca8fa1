using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.ControlPlane.Admin;

/// <summary>The debug port: HTTP without TLS or credentials, so on loopback unless another address is named.</summary>
public sealed class DebugListener : IAsyncDisposable
{
    /// <summary>Control-plane-and-cni 5.11, on loopback.</summary>
    public static readonly IPEndPoint DefaultAddress = new(IPAddress.Loopback, 8080);

    private const int MaxConnections = 64;
    private const int MaxRequestLineBytes = 8 * 1024;
    private const int MaxHeaderBytes = 16 * 1024;

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;

    private DebugListener(WebApplication app) => _app = app;

    /// <summary>Where it listens, with the port that it was given.</summary>
    public IPEndPoint Address { get; private set; } = null!;

    /// <param name="pages">What it serves.</param>
    /// <param name="address">Port 0 takes a free one; null: <see cref="DefaultAddress"/>.</param>
    /// <exception cref="IOException">The address is taken.</exception>
    public static async Task<DebugListener> StartAsync(DebugPages pages, IPEndPoint? address = null)
    {
        address ??= DefaultAddress;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, address));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        DebugListener listener = new(builder.Build());
        listener._app.Run(pages.ServeAsync);
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
        kestrel.Limits.MaxRequestLineSize = MaxRequestLineBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        kestrel.Listen(address, listen => listen.Protocols = HttpProtocols.Http1);
    }
}
