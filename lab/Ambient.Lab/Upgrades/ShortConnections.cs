using System.Net;
using System.Net.Sockets;
using Ambient.Lab.Network;
using Ambient.Lab.Probes;

namespace Ambient.Lab.Upgrades;

/// <summary>One new connection after the other, each with a question and its answer, until it is stopped.</summary>
internal sealed class ShortConnections(string? namespacePath, IReadOnlyList<IPEndPoint> servers)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private volatile bool _isStopping;

    public long Made { get; private set; }

    public long Answered { get; private set; }

    /// <summary>Empty when all were answered.</summary>
    public string FirstError { get; private set; } = "";

    /// <summary>Ends <see cref="RunAsync"/> after the connection that it is at, which counts like the others.</summary>
    public void Stop() => _isStopping = true;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!_isStopping)
        {
            string? error = await AskAsync(servers[(int)(Made % servers.Count)]);
            Made++;
            Answered += error is null ? 1 : 0;
            FirstError = FirstError.Length > 0 ? FirstError : error ?? "";
            await Task.Delay(Interval, cancellationToken);
        }
    }

    private async Task<string?> AskAsync(IPEndPoint server)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            using Socket socket = await NamespaceSocket.ConnectAsync(namespacePath, server, patience.Token);
            await ProbeWire.SendLineAsync(socket, ProbeWire.Held, patience.Token);
            return await ProbeWire.ReadLineAsync(socket, patience.Token) is null ? "closed without an answer" : null;
        }
        catch (SocketException failure)
        {
            return failure.Message;
        }
        catch (OperationCanceledException)
        {
            return $"no answer within {Patience.TotalSeconds:0} s";
        }
    }
}
