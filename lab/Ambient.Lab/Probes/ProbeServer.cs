using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ambient.Lab.Probes;

/// <summary>Answers the probes of <see cref="ProbeWire"/>, every connection by itself.</summary>
public sealed class ProbeServer
{
    private const int Backlog = 4096;
    private const int MaxPatternBytes = 64 << 20;
    private const int MaxTokens = 1000;
    private const int EchoBytes = 64 * 1024;

    private readonly ConcurrentDictionary<string, string> _digests = new(StringComparer.Ordinal);
    private int _held;

    public async Task RunAsync(int port, CancellationToken cancellationToken)
    {
        using var listener = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
        listener.Listen(Backlog);
        while (!cancellationToken.IsCancellationRequested)
        {
            Socket connection = await listener.AcceptAsync(cancellationToken);
            _ = ServeAsync(connection, cancellationToken);
        }
    }

    private async Task ServeAsync(Socket connection, CancellationToken cancellationToken)
    {
        using (connection)
        {
            try
            {
                if (await ProbeWire.ReadLineAsync(connection, cancellationToken) is { } line)
                {
                    await AnswerAsync(connection, line.Split(' '), cancellationToken);
                }
            }
            catch (Exception failure) when (failure is SocketException or FormatException or OperationCanceledException)
            {
                // The client sees its own side of it and reports that.
            }
        }
    }

    private Task AnswerAsync(Socket connection, string[] words, CancellationToken cancellationToken) => words switch
    {
        [ProbeWire.ClientFirst] => AnswerClientFirstAsync(connection, cancellationToken),
        [ProbeWire.ServerFirst, string token, string seed, string length] => AnswerServerFirstAsync(
            connection, token, int.Parse(seed, CultureInfo.InvariantCulture), int.Parse(length, CultureInfo.InvariantCulture), cancellationToken),
        [ProbeWire.Digest, string token] => ProbeWire.SendLineAsync(connection, _digests.GetValueOrDefault(token, "none"), cancellationToken),
        [ProbeWire.Echo] => EchoAsync(connection, cancellationToken),
        [ProbeWire.Hold] => HoldAsync(connection, cancellationToken),
        [ProbeWire.Held] => ProbeWire.SendLineAsync(connection, $"{Volatile.Read(ref _held)}", cancellationToken),
        _ => Task.CompletedTask,
    };

    private static async Task AnswerClientFirstAsync(Socket connection, CancellationToken cancellationToken)
    {
        (string digest, long length) = await ProbeWire.ReadToEndAsync(connection, cancellationToken);
        await ProbeWire.SendLineAsync(connection, $"{digest} {length}", cancellationToken);
    }

    private async Task AnswerServerFirstAsync(Socket connection, string token, int seed, int length, CancellationToken cancellationToken)
    {
        if (length is < 0 or > MaxPatternBytes || _digests.Count >= MaxTokens)
        {
            return;
        }

        await ProbeWire.SendAllAsync(connection, ProbePattern.Build(seed, length), cancellationToken);
        connection.Shutdown(SocketShutdown.Send);
        (string digest, long _) = await ProbeWire.ReadToEndAsync(connection, cancellationToken);
        _digests[token] = digest;
    }

    private static async Task EchoAsync(Socket connection, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[EchoBytes];
        int read;
        while ((read = await connection.ReceiveAsync(buffer, cancellationToken)) > 0)
        {
            await ProbeWire.SendAllAsync(connection, buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private async Task HoldAsync(Socket connection, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _held);
        try
        {
            await ProbeWire.SendLineAsync(connection, "held", cancellationToken);
            await ProbeWire.ReadToEndAsync(connection, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _held);
        }
    }
}
