using System.Net;
using System.Net.Sockets;

namespace Ambient.Lab.Network;

/// <summary>HTTP requests to loopback ports inside a network namespace, made from this process.</summary>
public sealed class NamespaceHttp : IDisposable
{
    private readonly HttpClient _client;

    /// <summary>A null path means our own namespace.</summary>
    public NamespaceHttp(string? namespacePath)
    {
        _client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = async (context, cancellationToken) =>
                new NetworkStream(
                    await NamespaceSocket.ConnectAsync(namespacePath, new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellationToken), ownsSocket: true),
        })
        {
            Timeout = TimeSpan.FromSeconds(5),
        };
    }

    /// <summary>Null when nothing answers.</summary>
    public async Task<(HttpStatusCode Status, string Body)?> GetAsync(int port, string path, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await _client.GetAsync(new Uri($"http://localhost:{port}{path}"), cancellationToken);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();
}
