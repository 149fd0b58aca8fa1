using System.Net;
using Ambient.ControlPlane.Xds;
using Ambient.Grpc.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ambient.ControlPlane.Serving;

/// <summary>The ports on which proxies are served: each asks in its own way who calls.</summary>
public sealed class XdsServer(DiscoveryService discovery, DiscoveryLimits limits, ILogger logger, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<GrpcListener> _listeners = [];

    /// <summary>Opens a port.</summary>
    /// <param name="options">Where, and with which certificate.</param>
    /// <param name="authenticator">Asks who calls.</param>
    /// <returns>Where it listens.</returns>
    /// <exception cref="IOException">The address is taken.</exception>
    public async Task<IPEndPoint> OpenAsync(GrpcListenerOptions options, ICallerAuthenticator authenticator)
    {
        GrpcEndpoint endpoint = new(
            call => discovery.ServeAsync(call, authenticator),
            limits.MaxRequestBytes,
            _stopping.Token,
            time,
            (context, error) => ControlPlaneLog.CallFailed(logger, AddressOf(context), error));
        GrpcListener listener = await GrpcListener.StartAsync(
            options, new Dictionary<string, RequestDelegate>(StringComparer.Ordinal) { [DiscoveryService.Path] = endpoint.ServeAsync });
        _listeners.Add(listener);
        return listener.Address;
    }

    /// <summary>Who a caller is, for the log.</summary>
    public static string AddressOf(HttpContext context) => $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}";

    /// <summary>Ends every stream, now and from now on, with the words that bring a proxy to another replica at once.</summary>
    public Task EndStreamsAsync() => _stopping.CancelAsync();

    /// <summary>Closes the ports. Nothing may open one any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        foreach (GrpcListener listener in _listeners)
        {
            await listener.DisposeAsync();
        }

        _stopping.Dispose();
    }
}
