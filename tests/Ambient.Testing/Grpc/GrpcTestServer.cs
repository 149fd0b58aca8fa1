using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ambient.Testing.Grpc;

/// <summary>A server on loopback whose test decides, frame by frame, what every call is answered.</summary>
public sealed class GrpcTestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ConnectionContext> _connections = new();
    private int _connectionCount;

    private GrpcTestServer(Func<GrpcServerCall, Task> onCall, GrpcTestServerOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        _app = builder.Build();
        _app.Run(context => AnswerAsync(context, onCall));
    }

    public Uri Address { get; private set; } = null!;

    /// <summary>Connections ever accepted.</summary>
    public int ConnectionCount => _connectionCount;

    public static async Task<GrpcTestServer> StartAsync(Func<GrpcServerCall, Task> onCall, GrpcTestServerOptions? options = null)
    {
        options ??= new GrpcTestServerOptions();
        GrpcTestServer server = new(onCall, options);
        await server._app.StartAsync();
        Uri bound = new(server._app.Urls.First());
        string host = options.Certificate is null ? "127.0.0.1" : "localhost";
        server.Address = new UriBuilder(bound) { Host = host }.Uri;
        return server;
    }

    /// <summary>Closes every connection without a word of HTTP/2.</summary>
    public void AbortConnections()
    {
        foreach (ConnectionContext connection in _connections.Values)
        {
            connection.Abort();
        }
    }

    public async ValueTask DisposeAsync()
    {
        AbortConnections();
        await _app.DisposeAsync();
    }

    private void Listen(KestrelServerOptions kestrel, GrpcTestServerOptions options)
    {
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => connection => TrackAsync(next, connection));
            if (options.Certificate is { } certificate)
            {
                listen.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = certificate,
                    SslProtocols = options.Protocols,
                    ClientCertificateMode = options.WantsClientCertificate
                        ? ClientCertificateMode.RequireCertificate
                        : ClientCertificateMode.NoCertificate,
                    ClientCertificateValidation = static (_, _, _) => true,
                });
            }
        });
    }

    private async Task TrackAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        Interlocked.Increment(ref _connectionCount);
        _connections[connection.ConnectionId] = connection;
        try
        {
            await next(connection);
        }
        finally
        {
            _connections.TryRemove(connection.ConnectionId, out _);
        }
    }

    private static async Task AnswerAsync(HttpContext context, Func<GrpcServerCall, Task> onCall)
    {
        context.Response.ContentType = "application/grpc";
        await onCall(new GrpcServerCall(context));
    }
}
