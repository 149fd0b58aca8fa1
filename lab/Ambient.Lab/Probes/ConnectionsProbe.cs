using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ambient.Lab.Probes;

/// <summary>Whether many connections can be open and in use at the same moment.</summary>
public static class ConnectionsProbe
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public static async Task<ProbeResult> RunAsync(IPEndPoint server, int count, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Timeout);
        long begin = TimeProvider.System.GetTimestamp();
        Socket?[] held = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => HoldAsync(server, deadline.Token)));
        try
        {
            int open = held.Count(socket => socket is not null);
            int seen = await CountAtServerAsync(server, deadline.Token);
            double seconds = TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
            return new ProbeResult(open == count && seen == count, $"{open} of {count} connections open and answered at once, the server held {seen}, in {seconds:0.0} s");
        }
        finally
        {
            foreach (Socket? socket in held)
            {
                socket?.Dispose();
            }
        }
    }

    private static async Task<Socket?> HoldAsync(IPEndPoint server, CancellationToken cancellationToken)
    {
        Socket? socket = null;
        try
        {
            socket = await ProbeWire.ConnectAsync(server, cancellationToken);
            await ProbeWire.SendLineAsync(socket, ProbeWire.Hold, cancellationToken);
            if (await ProbeWire.ReadLineAsync(socket, cancellationToken) == "held")
            {
                return socket;
            }
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            // Counted as not open.
        }

        socket?.Dispose();
        return null;
    }

    private static async Task<int> CountAtServerAsync(IPEndPoint server, CancellationToken cancellationToken)
    {
        try
        {
            using Socket socket = await ProbeWire.ConnectAsync(server, cancellationToken);
            await ProbeWire.SendLineAsync(socket, ProbeWire.Held, cancellationToken);
            string? answer = await ProbeWire.ReadLineAsync(socket, cancellationToken);
            return int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : -1;
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            return -1;
        }
    }
}
