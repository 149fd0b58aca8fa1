using System.Net;
using System.Net.Sockets;
using Ambient.Ztunnel.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ambient.Ztunnel.Admin;

/// <summary>
/// One HTTP/1.1 listener on a bare Kestrel: no host, no container, no middleware. Each listener has its own server, so that
/// clients that use up the connections of the metrics port cannot lock the operator out of the admin port.
/// </summary>
internal sealed class HttpEndpoint : IAsyncDisposable
{
    public const int MaxConnections = 256;
    public const int MaxHeaderBytes = 16 * 1024;
    public const int MaxBodyBytes = 4 * 1024;
    public static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1);

    private readonly KestrelServer _server;

    private HttpEndpoint(KestrelServer server, IReadOnlyList<IPEndPoint> endPoints)
    {
        _server = server;
        EndPoints = endPoints;
    }

    /// <summary>The addresses really bound, with the ports that the system chose where 0 was asked for.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; }

    /// <summary>Binds and serves.</summary>
    /// <exception cref="StartException">An address cannot be bound.</exception>
    public static async Task<HttpEndpoint> StartAsync(
        HttpEndpointSpec spec, IHttpPages pages, ILoggerFactory loggers, CancellationToken cancellation)
    {
        KestrelServerOptions options = BuildOptions(spec);
        var transport = new SocketTransportFactory(
            Options.Create(new SocketTransportOptions { IOQueueCount = 1, Backlog = 128, NoDelay = true }), loggers);
        var server = new KestrelServer(Options.Create(options), transport, loggers);
        try
        {
            await server.StartAsync(new PagesApplication(pages, loggers.CreateLogger(Telemetry.LogTargets.Admin)), cancellation);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            server.Dispose();
            throw new StartException(Explain(spec, failure), failure);
        }

        IServerAddressesFeature addresses = server.Features.Get<IServerAddressesFeature>()
            ?? throw new InvalidOperationException("The server does not tell its addresses");
        return new HttpEndpoint(server, [.. addresses.Addresses.Select(ToEndPoint)]);
    }

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(StopTimeout);
        await _server.StopAsync(deadline.Token);
        _server.Dispose();
    }

    private static KestrelServerOptions BuildOptions(HttpEndpointSpec spec)
    {
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        options.Limits.RequestHeadersTimeout = HeadersTimeout;
        options.Limits.KeepAliveTimeout = KeepAliveTimeout;
        options.Limits.MaxConcurrentConnections = MaxConnections;
        options.Limits.MaxConcurrentUpgradedConnections = 0;
        options.Limits.MaxRequestBodySize = MaxBodyBytes;
        options.Limits.MaxRequestHeaderCount = 64;
        options.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        options.Limits.MaxRequestLineSize = MaxHeaderBytes / 2;
        options.Limits.MaxRequestBufferSize = MaxHeaderBytes * 2;
        foreach (IPEndPoint endPoint in LocalEndPoints.Of(spec.Address, spec.Ipv6Enabled))
        {
            options.Listen(endPoint, listen => listen.Protocols = HttpProtocols.Http1);
        }

        return options;
    }

    private static string Explain(HttpEndpointSpec spec, Exception failure)
    {
        string flag = SettingDefinition.FlagOf(spec.Setting);
        return failure.InnerException is AddressInUseException
            ? $"cannot listen on {spec.Address} for {spec.Purpose}: the port is taken. "
                + $"See who has it with: ss -ltnp 'sport = :{spec.Address.Port}'; or choose another address with {flag}"
            : $"cannot listen on {spec.Address} for {spec.Purpose}: {failure.Message}; choose another address with {flag}";
    }

    private static IPEndPoint ToEndPoint(string address)
    {
        var uri = new Uri(address);
        return new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port);
    }
}
