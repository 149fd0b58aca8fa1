using Ambient.Zds.Messages;
using Google.Protobuf;
using Microsoft.Win32.SafeHandles;
using Version = Ambient.Zds.Messages.Version;

namespace Ambient.Zds;

/// <summary>The node agent's end of one conversation: a request, its answer, the next request (node-proxy 6.3). Thread-safe.</summary>
public sealed class AgentConnection(PacketSocket socket) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The proxy's greeting; null when something else came.</summary>
    public async Task<Version?> ReadHelloAsync(CancellationToken cancellation)
    {
        ReceivedPacket packet = await ReceiveAsync(cancellation);
        try
        {
            return packet.IsEnd ? null : ZdsHello.Parser.ParseFrom(packet.Bytes.Span).Version;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>Sends a request and waits up to <see cref="PacketSocket.Patience"/> for its answer.</summary>
    /// <returns>The answer's error, empty for success; null when the connection is broken or no answer came.</returns>
    public async Task<string?> AskAsync(WorkloadRequest request, SafeFileHandle? descriptor, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (!await socket.SendAsync(request.ToByteArray(), descriptor, cancellation))
            {
                return null;
            }

            ReceivedPacket packet = await ReceiveAsync(cancellation);
            return packet.IsEnd ? null : WorkloadResponse.Parser.ParseFrom(packet.Bytes.Span).Ack?.Error;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        _turn.Dispose();
    }

    private async Task<ReceivedPacket> ReceiveAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(PacketSocket.Patience);
        try
        {
            ReceivedPacket packet = await socket.ReceiveAsync(limit.Token);
            packet.Descriptor?.Dispose();
            return packet.Fault is null ? packet : default;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return default;
        }
    }
}
