using System.Net;
using System.Net.Sockets;

namespace Ambient.Lab.Probes;

/// <summary>Whether half-close survives the way to the server, in both directions.</summary>
public static class HalfCloseProbe
{
    private const int Bytes = 4 << 20;
    private const int UploadSeed = 1;
    private const int DownloadSeed = 2;
    private const int DigestPolls = 100;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan DigestInterval = TimeSpan.FromMilliseconds(20);

    public static async Task<ProbeResult> RunAsync(IPEndPoint server, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Timeout);
        try
        {
            bool clientFirst = await StopSendingFirstAsync(server, deadline.Token);
            bool serverFirst = await StopReceivingFirstAsync(server, deadline.Token);
            return new ProbeResult(
                clientFirst && serverFirst,
                $"client closed first: answer to {Bytes >> 20} MiB {Describe(clientFirst)}; server closed first: {Bytes >> 20} MiB sent to it afterwards {Describe(serverFirst)}");
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            return new ProbeResult(false, $"half-close broke the connection: {failure.Message}");
        }
    }

    private static async Task<bool> StopSendingFirstAsync(IPEndPoint server, CancellationToken cancellationToken)
    {
        byte[] upload = ProbePattern.Build(UploadSeed, Bytes);
        using Socket socket = await ProbeWire.ConnectAsync(server, cancellationToken);
        await ProbeWire.SendLineAsync(socket, ProbeWire.ClientFirst, cancellationToken);
        await ProbeWire.SendAllAsync(socket, upload, cancellationToken);
        socket.Shutdown(SocketShutdown.Send);
        string? answer = await ProbeWire.ReadLineAsync(socket, cancellationToken);
        return answer == $"{ProbePattern.Digest(upload)} {Bytes}";
    }

    private static async Task<bool> StopReceivingFirstAsync(IPEndPoint server, CancellationToken cancellationToken)
    {
        string token = Guid.NewGuid().ToString("N");
        byte[] upload = ProbePattern.Build(UploadSeed, Bytes);
        using Socket socket = await ProbeWire.ConnectAsync(server, cancellationToken);
        await ProbeWire.SendLineAsync(socket, $"{ProbeWire.ServerFirst} {token} {DownloadSeed} {Bytes}", cancellationToken);
        (string digest, long _) = await ProbeWire.ReadToEndAsync(socket, cancellationToken);
        await ProbeWire.SendAllAsync(socket, upload, cancellationToken);
        socket.Shutdown(SocketShutdown.Send);
        return digest == ProbePattern.Digest(ProbePattern.Build(DownloadSeed, Bytes))
            && await HasArrivedAsync(server, token, ProbePattern.Digest(upload), cancellationToken);
    }

    private static async Task<bool> HasArrivedAsync(IPEndPoint server, string token, string expected, CancellationToken cancellationToken)
    {
        for (int poll = 0; poll < DigestPolls; poll++)
        {
            using Socket socket = await ProbeWire.ConnectAsync(server, cancellationToken);
            await ProbeWire.SendLineAsync(socket, $"{ProbeWire.Digest} {token}", cancellationToken);
            string? answer = await ProbeWire.ReadLineAsync(socket, cancellationToken);
            if (answer != "none")
            {
                return answer == expected;
            }

            await Task.Delay(DigestInterval, cancellationToken);
        }

        return false;
    }

    private static string Describe(bool arrived) => arrived ? "arrived whole" : "did not arrive";
}
