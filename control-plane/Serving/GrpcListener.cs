using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.ControlPlane.Serving;

/// <summary>One port that serves gRPC methods over HTTP/2 (control-plane-and-cni 5.11, appendix A).</summary>
public sealed class GrpcListener : IAsyncDisposable
{
    private const int MaxStreamsPerConnection = 100;
    private const int StreamWindowBytes = 1024 * 1024;

    private static readonly TimeSpan KeepAliveDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Among a connection's items: the certificates that the client sent with its own.</summary>
    internal static readonly object ClientChainKey = new();

    private readonly WebApplication _app;

    private GrpcListener(WebApplication app) => _app = app;

    /// <summary>Where it listens, with the port that it was given.</summary>
    public IPEndPoint Address { get; private set; } = null!;

    /// <summary>Listens, and serves the methods from then on.</summary>
    /// <param name="options">Where.</param>
    /// <param name="methods">What, by path; any other path is answered with status Unimplemented.</param>
    /// <exception cref="IOException">The address is taken.</exception>
    public static async Task<GrpcListener> StartAsync(GrpcListenerOptions options, IReadOnlyDictionary<string, RequestDelegate> methods)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options));

        // Calls are ended by their own token; what is left after that has nothing to say.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        GrpcListener listener = new(builder.Build());
        listener._app.Run(context => RouteAsync(context, methods));
        await listener._app.StartAsync();
        listener.Address = new IPEndPoint(options.Address.Address, new Uri(listener._app.Urls.First()).Port);
        return listener;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Configure(KestrelServerOptions kestrel, GrpcListenerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;

        // A stream lives for half an hour and may be silent all the time; each message has its own limit.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.KeepAlivePingDelay = KeepAliveDelay;
        kestrel.Limits.Http2.KeepAlivePingTimeout = KeepAliveTimeout;
        kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
        kestrel.Limits.Http2.InitialStreamWindowSize = StreamWindowBytes;
        kestrel.Limits.Http2.InitialConnectionWindowSize = 2 * StreamWindowBytes;
        kestrel.Listen(options.Address, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (options.Certificate is { } certificate)
            {
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    HandshakeTimeout = HandshakeTimeout,
                    OnConnection = connection => new ValueTask<SslServerAuthenticationOptions>(Authentication(connection, certificate.Current)),
                });
            }
        });
    }

    [SuppressMessage(
        "Security", "CA5359", Justification = "A client need not have a certificate; one that it has counts only once ClientCertificateCheck has verified it.")]
    private static SslServerAuthenticationOptions Authentication(TlsHandshakeCallbackContext connection, ServerCertificate certificate) => new()
    {
        ServerCertificateContext = certificate.Context,
        ClientCertificateRequired = true,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,

        // Asked for, and kept with what came with it; whether it is one of ours is for the authenticator to say.
        RemoteCertificateValidationCallback = (_, _, chain, _) =>
        {
            if (chain is not null)
            {
                connection.Connection.Items[ClientChainKey] = new X509Certificate2Collection(chain.ChainPolicy.ExtraStore);
            }

            return true;
        },
    };

    private static Task RouteAsync(HttpContext context, IReadOnlyDictionary<string, RequestDelegate> methods)
    {
        if (methods.TryGetValue(context.Request.Path.Value ?? string.Empty, out RequestDelegate? method))
        {
            return method(context);
        }

        context.Response.ContentType = "application/grpc";
        context.Response.AppendTrailer("grpc-status", "12");
        context.Response.AppendTrailer("grpc-message", "this server has no such method");
        return Task.CompletedTask;
    }
}
