using System.Net;
using Ambient.ApiServer.Faults;
using Ambient.ApiServer.Schemas;
using Ambient.ApiServer.Serving;
using Ambient.ApiServer.Storage;
using Ambient.ApiServer.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.ApiServer;

/// <summary>
/// A small Kubernetes API server: objects, list and watch, patches and server-side apply, custom resources with their schemas, token reviews.
/// It runs no controllers: what is written is there.
/// </summary>
public sealed class ApiServerHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ApiServerHost(WebApplication app, ApiServerOptions options)
    {
        _app = app;
        Storage = new ObjectStorage(options.Limits);
    }

    /// <summary>Where clients find it.</summary>
    public Uri Address { get; private set; } = null!;

    public ObjectStorage Storage { get; }

    public KindCatalogue Kinds { get; } = new();

    public FaultInjector Faults { get; } = new();

    public TokenBook Tokens { get; } = new();

    /// <exception cref="IOException">The address is taken.</exception>
    /// <exception cref="ArgumentException">It would be open to others than this machine.</exception>
    public static async Task<ApiServerHost> StartAsync(ApiServerOptions options)
    {
        if (!IPAddress.IsLoopback(options.Address.Address) && (options.AdminTokens.Count == 0 || options.Certificate is null))
        {
            throw new ArgumentException($"{options.Address} is not loopback: give a certificate and tokens", nameof(options));
        }

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        ApiServerHost host = new(builder.Build(), options);
        if (options.WithMeshDefinitions)
        {
            MeshDefinitions.Install(host.Storage, host.Kinds, options.Time.GetUtcNow());
        }

        RequestPipeline pipeline = new(host.Storage, host.Kinds, host.Faults, host.Tokens, options);
        host._app.Run(pipeline.AnswerAsync);
        await host._app.StartAsync();
        host.Address = new UriBuilder(new Uri(host._app.Urls.First())) { Host = options.Address.Address.ToString() }.Uri;
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        // Watches would hold the stop up.
        Faults.CutWatches();
        await _app.DisposeAsync();
    }

    private static void Configure(KestrelServerOptions kestrel, ApiServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = RequestBody.MaxBytes + 1;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Listen(options.Address, listen =>
        {
            listen.Protocols = options.Certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
            if (options.Certificate is { } certificate)
            {
                listen.UseHttps(certificate);
            }
        });
    }
}
