using System.Diagnostics;
using Ambient.Transport.Sockets;

namespace Ambient.Lab.Benchmarking.Load;

/// <summary>One place of a load: sends a request, reads its answer, and again; opens a connection when it has none.</summary>
internal sealed class HttpLoadConnection(HttpLoadLane lane)
{
    private const int BufferBytes = 16 * 1024;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(10);
    private static readonly DialOptions Dialling = new() { Socket = SocketOptionSet.Default, Timeout = TimeSpan.FromSeconds(3) };

    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly HttpResponseReader _reader = new();
    private LoopSocket? _socket;
    private long _begin;

    public async Task RunAsync()
    {
        while (lane.IsOpen)
        {
            string? fault = await OpenAsync() ?? await ExchangeAsync();
            if (fault is null)
            {
                lane.Record(_begin, _reader.Status);
            }
            else
            {
                lane.Fail(fault);
            }

            if (fault is not null || _reader.ClosesConnection)
            {
                Close();
            }

            if (fault is not null)
            {
                await lane.Loop.DelayAsync(RetryDelay);
            }
        }

        Close();
    }

    public void Abort() => _socket?.Abort();

    private async ValueTask<string?> OpenAsync()
    {
        _reader.Reset();
        _begin = Stopwatch.GetTimestamp();
        if (_socket is not null)
        {
            return null;
        }

        DialResult dialled = await TcpDialer.ConnectAsync(lane.Loop, lane.Target, Dialling);
        _socket = dialled.Socket;
        _begin = lane.Mode == HttpLoadMode.NewConnections ? _begin : Stopwatch.GetTimestamp();
        return dialled.Failure?.Message;
    }

    private async ValueTask<string?> ExchangeAsync()
    {
        return await SendAsync() is { } fault ? fault
            : await ReceiveAsync() is { } cut ? cut
            : lane.Mode == HttpLoadMode.NewConnections ? await ReceiveEndAsync() : null;
    }

    private async ValueTask<string?> SendAsync()
    {
        int sent = 0;
        while (sent < lane.Request.Length)
        {
            IoResult result = _socket!.Send(lane.Request[sent..]);
            if (result.IsError)
            {
                return Broken();
            }

            sent += result.Bytes;
            if (result.IsWouldBlock)
            {
                await _socket.WaitWritableAsync();
            }
        }

        return null;
    }

    private async ValueTask<string?> ReceiveAsync()
    {
        while (true)
        {
            IoResult result = _socket!.Receive(_buffer.AsSpan());
            if (result.IsError)
            {
                return Broken();
            }

            if (result.IsWouldBlock)
            {
                await _socket.WaitReadableAsync();
                continue;
            }

            HttpReadStatus status = result.IsEndOfStream ? _reader.ReadEnd() : _reader.Read(_buffer.AsSpan(0, result.Bytes));
            if (status != HttpReadStatus.NeedMore)
            {
                return status == HttpReadStatus.Failed ? _reader.Fault : null;
            }
        }
    }

    /// <summary>Lets the server close first, as it was asked to: the side that closes first keeps the port for a minute, and ours are few.</summary>
    private async ValueTask<string?> ReceiveEndAsync()
    {
        while (true)
        {
            IoResult result = _socket!.Receive(_buffer.AsSpan());
            if (result.IsEndOfStream)
            {
                return null;
            }

            if (!result.IsWouldBlock)
            {
                return result.IsError ? Broken() : "bytes follow the end of the answer";
            }

            await _socket.WaitReadableAsync();
        }
    }

    private string Broken() => _socket!.IsDisposed ? "no answer in time" : "the connection broke";

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
