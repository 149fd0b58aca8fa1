using Ambient.Zds;
using Ambient.Zds.Messages;
using Google.Protobuf;
using Microsoft.Win32.SafeHandles;

namespace Ambient.Testing.Zds;

/// <summary>A node agent of which a test says every packet. One connection at a time.</summary>
public sealed class ScriptedAgent : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _path;
    private PacketListener _listener;
    private PacketSocket? _socket;
    private AgentConnection? _connection;

    public ScriptedAgent(string path)
    {
        _path = path;
        _listener = PacketListener.Open(path);
    }

    /// <summary>Waits for the proxy and its greeting.</summary>
    public async Task AcceptAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        _socket = await _listener.AcceptAsync(limit.Token);
        _connection = new AgentConnection(_socket);
        Ambient.Zds.Messages.Version? version = await _connection.ReadHelloAsync(limit.Token);
        if (version != Ambient.Zds.Messages.Version.V1)
        {
            throw new InvalidOperationException($"The proxy greeted with version {version}.");
        }
    }

    /// <summary>The answer's error, empty for success.</summary>
    public async Task<string> AskAsync(WorkloadRequest request, string? namespacePath = null)
    {
        using SafeFileHandle? descriptor = namespacePath is null ? null : File.OpenHandle(namespacePath);
        return await _connection!.AskAsync(request, descriptor, CancellationToken.None)
            ?? throw new InvalidOperationException("The proxy did not answer.");
    }

    /// <summary>Sends any bytes with any number of descriptors, and reads one answer; null when the proxy hung up instead.</summary>
    public async Task<string?> SendRawAsync(byte[] bytes, params SafeFileHandle[] descriptors)
    {
        await _socket!.SendAsync(bytes, descriptors, CancellationToken.None);
        using var limit = new CancellationTokenSource(Patience);
        ReceivedPacket answer = await _socket.ReceiveAsync(limit.Token);
        return answer.IsEnd ? null : WorkloadResponse.Parser.ParseFrom(answer.Bytes.Span).Ack.Error;
    }

    public Task<string?> SendRawAsync(WorkloadRequest request, params SafeFileHandle[] descriptors) => SendRawAsync(request.ToByteArray(), descriptors);

    /// <summary>Waits until the proxy has closed the connection.</summary>
    public async Task<bool> IsHungUpAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        return (await _socket!.ReceiveAsync(limit.Token)).IsEnd;
    }

    public void HangUp() => _connection!.Dispose();

    /// <summary>As when the agent's process is replaced.</summary>
    public void Restart()
    {
        Dispose();
        _listener = PacketListener.Open(_path);
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _listener.Dispose();
    }
}
