using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Admin;

/// <summary>The three HTTP listeners of node-proxy 2.1, started together and stopped together.</summary>
internal sealed class AdminListeners : IAsyncDisposable
{
    private readonly List<HttpEndpoint> _endpoints = [];

    private AdminListeners()
    {
    }

    public HttpEndpoint Admin => _endpoints[0];

    public HttpEndpoint Stats => _endpoints[1];

    public HttpEndpoint Readiness => _endpoints[2];

    /// <exception cref="StartException">An address cannot be bound; the listeners already started are stopped again.</exception>
    public static async Task<AdminListeners> StartAsync(
        AdminOptions options, AdminPageSet pages, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var listeners = new AdminListeners();
        (HttpEndpointSpec Spec, IHttpPages Pages)[] wanted =
        [
            (new(options.Admin, "the admin pages", SettingNames.AdminAddress, options.Ipv6Enabled), pages.Admin),
            (new(options.Stats, "metrics", SettingNames.StatsAddress, options.Ipv6Enabled), pages.Metrics),
            (new(options.Readiness, "readiness", SettingNames.ReadinessAddress, options.Ipv6Enabled), pages.Readiness),
        ];
        ILogger logger = loggers.CreateLogger(LogTargets.Admin);
        try
        {
            foreach ((HttpEndpointSpec spec, IHttpPages page) in wanted)
            {
                HttpEndpoint endpoint = await HttpEndpoint.StartAsync(spec, page, loggers, cancellation);
                listeners._endpoints.Add(endpoint);
                AdminLog.ListenerEstablished(logger, spec.Purpose, string.Join(", ", endpoint.EndPoints));
            }
        }
        catch (StartException)
        {
            await listeners.DisposeAsync();
            throw;
        }

        return listeners;
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_endpoints.Select(endpoint => endpoint.DisposeAsync().AsTask()));
}
