using System.Net.Sockets;
using Ambient.Zds;
using Ambient.Zds.Messages;
using Ambient.Ztunnel.Pods;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Version = Ambient.Zds.Messages.Version;

namespace Ambient.Ztunnel.Zds;

/// <summary>
/// Keeps a conversation with the node agent: connect, greet, do what it asks, one answer each, in order (node-proxy 6.3). Pods keep being
/// served while there is no agent.
/// </summary>
internal sealed class ZdsClient(string path, PodProxySet pods, ILogger logger, TimeProvider time)
{
    private const double GreetingJitter = 0.2;

    /// <summary>In characters, of up to three bytes each.</summary>
    private const int MaxErrorLength = 300;

    private static readonly TimeSpan MaxBackoff = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstConnectBackoff = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan FirstGreetingBackoff = TimeSpan.FromMilliseconds(5);

    /// <summary>A node agent takes five connections a second (node-proxy 6.3).</summary>
    private static readonly TimeSpan EmptyConversationDelay = TimeSpan.FromMilliseconds(200);

    private TimeSpan _connectBackoff = FirstConnectBackoff;
    private TimeSpan _greetingBackoff = FirstGreetingBackoff;

    /// <summary>Runs until the token is cancelled.</summary>
    /// <exception cref="ZdsProtocolException">The agent broke the protocol; the process must start over.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                await ConverseOnceAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The way in which a program that stops leaves its agent.
        }
    }

    private async Task ConverseOnceAsync(CancellationToken cancellation)
    {
        using PacketSocket? socket = await TryConnectAsync(cancellation);
        if (socket is null)
        {
            return;
        }

        if (!await socket.SendAsync(new ZdsHello { Version = Version.V1 }.ToByteArray(), null, cancellation))
        {
            double jitter = 1 + (GreetingJitter * ((2 * Random.Shared.NextDouble()) - 1));
            await BackOffAsync(_greetingBackoff * jitter, "the greeting was not taken", cancellation);
            _greetingBackoff = Longer(_greetingBackoff);
            return;
        }

        ZdsLog.Connected(logger, path);
        await pods.BeginListAsync();
        int handled = 0;
        try
        {
            handled = await ServeAsync(socket, cancellation);
        }
        finally
        {
            pods.LoseSource();
        }

        ZdsLog.Ended(logger, path);
        if (handled > 0)
        {
            _greetingBackoff = FirstGreetingBackoff;
            return;
        }

        // An agent that takes every greeting and says nothing we can use would otherwise be asked again without end.
        await BackOffAsync(EmptyConversationDelay, "the agent said nothing", cancellation);
    }

    private async Task<PacketSocket?> TryConnectAsync(CancellationToken cancellation)
    {
        try
        {
            PacketSocket socket = await PacketSocket.ConnectAsync(path, cancellation);
            _connectBackoff = FirstConnectBackoff;
            return socket;
        }
        catch (SocketException error)
        {
            await BackOffAsync(_connectBackoff, error.Message, cancellation);
            _connectBackoff = Longer(_connectBackoff);
            return null;
        }
    }

    /// <returns>Requests that were answered, once the conversation has ended.</returns>
    private async Task<int> ServeAsync(PacketSocket socket, CancellationToken cancellation)
    {
        ZdsSession session = new(pods, logger);
        for (int handled = 0; ; handled++)
        {
            ReceivedPacket packet = await socket.ReceiveAsync(cancellation);
            if (packet.IsEnd)
            {
                packet.Descriptor?.Dispose();
                return handled;
            }

            string? fault = packet.Fault;
            WorkloadRequest? request = fault is null ? RequestReader.Read(packet.Bytes.Span, packet.Descriptor is not null, out fault) : null;
            if (request is null)
            {
                packet.Descriptor?.Dispose();
                ZdsLog.Unreadable(logger, fault!);
                await AnswerAsync(socket, $"failure to read message : {fault}", cancellation);
                return handled;
            }

            string error;
            try
            {
                error = await session.HandleAsync(request, packet.Descriptor);
            }
            catch (ZdsProtocolException broken)
            {
                await AnswerAsync(socket, $"failure to process message : {broken.Message}", cancellation);
                throw;
            }

            if (!await AnswerAsync(socket, error, cancellation))
            {
                return handled;
            }
        }
    }

    private static ValueTask<bool> AnswerAsync(PacketSocket socket, string error, CancellationToken cancellation)
    {
        // The agent reads into as little as we do.
        string bounded = error.Length <= MaxErrorLength ? error : error[..MaxErrorLength];
        return socket.SendAsync(new WorkloadResponse { Ack = new Ack { Error = bounded } }.ToByteArray(), null, cancellation);
    }

    private Task BackOffAsync(TimeSpan delay, string reason, CancellationToken cancellation)
    {
        ZdsLog.NotReached(logger, path, delay, reason);
        return Task.Delay(delay, time, cancellation);
    }

    private static TimeSpan Longer(TimeSpan backoff) => backoff * 2 < MaxBackoff ? backoff * 2 : MaxBackoff;
}
