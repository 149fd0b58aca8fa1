using System.Net;
using System.Net.Security;
using Ambient.Kube.Configuration;

namespace Ambient.Kube.Client;

/// <summary>The connections to the API server: those of one client certificate at a time, since a connection keeps the one it began with.</summary>
internal sealed class ClientConnections : IDisposable
{
    /// <summary>How often an open connection that carries requests is asked whether it lives: a watch may have nothing to say for minutes.</summary>
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly Func<ClientCertificate?, HttpMessageHandler> _newHandler;
    private HttpMessageInvoker? _current;
    private ClientCertificate? _certificate;

    public ClientConnections(KubernetesConfiguration configuration, KubernetesClientOptions options) =>
        _newHandler = certificate => NewHandler(configuration, options, certificate);

    /// <summary>Every request goes through this handler: for tests, and for API servers in the same process.</summary>
    public ClientConnections(HttpMessageHandler handler) => _newHandler = _ => handler;

    public HttpMessageInvoker For(ClientCertificate? certificate)
    {
        lock (_gate)
        {
            if (_current is null || !ReferenceEquals(certificate, _certificate))
            {
                // Requests under way on the connections of the last certificate go on to their end.
                _current?.Dispose();
                _current = new HttpMessageInvoker(_newHandler(certificate));
                _certificate = certificate;
            }

            return _current;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _current?.Dispose();
        }
    }

    private static SocketsHttpHandler NewHandler(KubernetesConfiguration configuration, KubernetesClientOptions options, ClientCertificate? certificate) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = configuration.Proxy is not null,
        Proxy = configuration.Proxy is null ? null : new WebProxy(configuration.Proxy),
        AutomaticDecompression = DecompressionMethods.GZip,
        ConnectTimeout = options.ConnectTimeout,
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = PingInterval,
        KeepAlivePingTimeout = PingTimeout,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificateContext = certificate?.Context,
            RemoteCertificateValidationCallback = (_, presented, chain, errors) => configuration.Trust.Accepts(presented, chain, errors),
        },
    };
}
