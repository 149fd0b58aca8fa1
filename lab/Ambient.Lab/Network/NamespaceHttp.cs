using System.Net;
using System.Net.Sockets;
using Ambient.Transport.Namespaces;

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
                new NetworkStream(await ConnectAsync(namespacePath, context.DnsEndPoint.Port, cancellationToken), ownsSocket: true),
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

    /// <summary>A TCP connection to a loopback port of the namespace.</summary>
    public static async Task<Socket> ConnectAsync(string? namespacePath, int port, CancellationToken cancellationToken)
    {
        Socket socket = CreateSocket(namespacePath);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
            return socket;
        }
        catch (Exception)
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _client.Dispose();

    private static Socket CreateSocket(string? namespacePath)
    {
        if (namespacePath is null)
        {
            return new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        }

        using NetworkNamespace target = NetworkNamespace.Open(namespacePath);
        return target.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
    }
}
