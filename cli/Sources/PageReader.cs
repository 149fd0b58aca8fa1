using System.Net;
using System.Net.Sockets;
using Ambient.Lab.Network;

namespace Ambient.Cli.Sources;

/// <summary>Reads pages of one server, here or in a network namespace of this machine.</summary>
internal sealed class PageReader : IDisposable
{
    /// <summary>A dump of a mesh of 400,000 workloads is about half of it.</summary>
    private const int MaxBytes = 1 << 30;

    private const int MaxShown = 300;

    private readonly HttpClient _client;

    /// <param name="namespacePath">Null: our own.</param>
    /// <param name="timeout">Of a whole page; null: a minute.</param>
    public PageReader(string? namespacePath = null, TimeSpan? timeout = null)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) };
        if (namespacePath is not null)
        {
            handler.ConnectCallback = async (context, cancellation) => new NetworkStream(
                await NamespaceSocket.ConnectAsync(namespacePath, new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellation), ownsSocket: true);
        }

        _client = new HttpClient(handler) { MaxResponseContentBufferSize = MaxBytes, Timeout = timeout ?? TimeSpan.FromMinutes(1) };
    }

    /// <param name="page">What to read.</param>
    /// <param name="server">What is there, for messages.</param>
    /// <param name="nextStep">What to do when nothing answers.</param>
    /// <exception cref="CommandException">Nothing answers, or the answer is a refusal.</exception>
    public async Task<byte[]> ReadAsync(Uri page, string server, string nextStep, CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage answer = await _client.GetAsync(page, cancellation);
            byte[] body = await answer.Content.ReadAsByteArrayAsync(cancellation);
            return answer.StatusCode == HttpStatusCode.OK
                ? body
                : throw new CommandException($"{server} at {page.Authority} answered {(int)answer.StatusCode} to {page.PathAndQuery}: {Shown(body)}", nextStep);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException
            || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            string reason = failure is OperationCanceledException ? "it took too long" : (failure.InnerException ?? failure).Message;
            throw new CommandException($"{server} cannot be read at {page.Authority}: {reason}", nextStep);
        }
    }

    public void Dispose() => _client.Dispose();

    private static string Shown(byte[] body) =>
        Text.Printable.Of(System.Text.Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, MaxShown))).Trim());
}
