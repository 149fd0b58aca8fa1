using System.Net;
using System.Net.Sockets;
using System.Text;
using Ambient.Lab.Network;

namespace Ambient.Lab.Scaling;

/// <summary>
/// Requests to a service over HTTP, each on a connection of its own, from several callers at a bounded rate, until they are stopped.
/// </summary>
/// <param name="namespacePath">Of the calling pod.</param>
/// <param name="service">The service's address.</param>
internal sealed class StoreVisits(string? namespacePath, IPEndPoint service)
{
    private const int Callers = 4;
    private const int MaxAnswerBytes = 4096;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly byte[] Request = "GET / HTTP/1.0\r\n\r\n"u8.ToArray();

    private readonly Lock _lock = new();
    private readonly HashSet<string> _servers = new(StringComparer.Ordinal);
    private volatile bool _isStopping;

    /// <summary>Requests that are over.</summary>
    public long Made { get; private set; }

    public long Answered { get; private set; }

    /// <summary>Empty when all were answered.</summary>
    public string FirstError { get; private set; } = "";

    /// <summary>Ends <see cref="RunAsync"/> after the requests that are on their way, which count like the others.</summary>
    public void Stop() => _isStopping = true;

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => CallAsync(cancellationToken)));

    /// <summary>Completes once so many different servers have answered; how many did when <paramref name="patience"/> is over.</summary>
    public async Task<int> SeeServersAsync(int wanted, TimeSpan patience, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _servers.Clear();
        }

        long begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            lock (_lock)
            {
                if (_servers.Count >= wanted || TimeProvider.System.GetElapsedTime(begin) > patience)
                {
                    return _servers.Count;
                }
            }

            await Task.Delay(Interval, cancellationToken);
        }
    }

    private async Task CallAsync(CancellationToken cancellationToken)
    {
        while (!_isStopping)
        {
            (string server, string error) = await AskAsync();
            lock (_lock)
            {
                Made++;
                Answered += error.Length == 0 ? 1 : 0;
                FirstError = FirstError.Length > 0 ? FirstError : error;
                _ = error.Length == 0 && _servers.Add(server);
            }

            await Task.Delay(Interval, cancellationToken);
        }
    }

    private async Task<(string Server, string Error)> AskAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            using Socket socket = await NamespaceSocket.ConnectAsync(namespacePath, service, patience.Token);
            await socket.SendAsync(Request, patience.Token);
            string answer = await ReadAsync(socket, patience.Token);
            return answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)
                ? (answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..].Split(',')[0], "")
                : ("", answer.Length == 0 ? "closed without an answer" : answer.Split('\r')[0]);
        }
        catch (SocketException failure)
        {
            return ("", failure.Message);
        }
        catch (OperationCanceledException)
        {
            return ("", $"no answer within {Patience.TotalSeconds:0} s");
        }
    }

    private static async Task<string> ReadAsync(Socket socket, CancellationToken cancellationToken)
    {
        byte[] answer = new byte[MaxAnswerBytes];
        int filled = 0;
        while (filled < answer.Length && await socket.ReceiveAsync(answer.AsMemory(filled), cancellationToken) is > 0 and var read)
        {
            filled += read;
        }

        return Encoding.ASCII.GetString(answer, 0, filled);
    }
}
