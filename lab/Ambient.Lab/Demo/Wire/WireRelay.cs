using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Ambient.Lab.Demo.Wire;

/// <summary>
/// Stands where the wire between two nodes would be, when there are only local ports: passes connections to port 15008 on to
/// the server's ztunnel, and records what goes through.
/// </summary>
internal sealed class WireRelay : IAsyncDisposable
{
    private const int Backlog = 1024;
    private const int BufferBytes = 64 * 1024;

    private readonly Socket _listener;
    private readonly IPEndPoint _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<WireChunk> _recorded = new();
    private readonly Task _accepting;
    private int _recordings;

    private WireRelay(Socket listener, IPEndPoint target)
    {
        _listener = listener;
        _target = target;
        _accepting = AcceptAsync();
    }

    /// <summary>Null when the address or port is taken.</summary>
    public static WireRelay? TryStart(IPEndPoint local, IPEndPoint target)
    {
        var listener = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(local);
            listener.Listen(Backlog);
            return new WireRelay(listener, target);
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }

    public void BeginRecording()
    {
        if (Interlocked.Increment(ref _recordings) == 1)
        {
            _recorded.Clear();
        }
    }

    public IReadOnlyList<WireChunk> EndRecording() => Interlocked.Decrement(ref _recordings) == 0 ? [.. _recorded] : [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                _ = PassAsync(await _listener.AcceptAsync(_stop.Token));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The demo is over.
        }
    }

    private async Task PassAsync(Socket downstream)
    {
        using (downstream)
        {
            using var upstream = new Socket(_target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            downstream.NoDelay = true;
            try
            {
                await upstream.ConnectAsync(_target, _stop.Token);
                Task sending = CopyAsync(downstream, upstream);
                Task answering = CopyAsync(upstream, downstream);
                await await Task.WhenAny(sending, answering);
                await Task.WhenAll(sending, answering);
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // As on a wire: a reset reaches the other end at once, whichever direction met it.
                downstream.LingerState = new LingerOption(enable: true, seconds: 0);
                upstream.LingerState = new LingerOption(enable: true, seconds: 0);
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[BufferBytes];
        int read;
        while ((read = await from.ReceiveAsync(buffer, _stop.Token)) > 0)
        {
            if (Volatile.Read(ref _recordings) > 0)
            {
                _recorded.Enqueue(new WireChunk(WireEvidence.Hbone, buffer.AsMemory(0, read).ToArray()));
            }

            for (int sent = 0; sent < read;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _stop.Token);
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
