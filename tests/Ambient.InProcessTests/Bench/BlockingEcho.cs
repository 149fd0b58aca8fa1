using System.Net;
using System.Net.Sockets;

namespace Ambient.InProcessTests.Bench;

/// <summary>An application that answers every byte with the same byte, one connection after another, and allocates nothing while it does.</summary>
internal sealed class BlockingEcho : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _buffer = new byte[4_096];
    private readonly Thread _thread;

    public BlockingEcho(IPEndPoint endPoint)
    {
        _listener.Bind(endPoint);
        _listener.Listen(16);
        _thread = new Thread(Serve) { IsBackground = true, Name = nameof(BlockingEcho) };
        _thread.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _thread.Join();
    }

    private void Serve()
    {
        try
        {
            while (true)
            {
                using Socket accepted = _listener.Accept();
                accepted.NoDelay = true;
                for (int read; (read = accepted.Receive(_buffer)) > 0;)
                {
                    accepted.Send(_buffer.AsSpan(0, read));
                }
            }
        }
        catch (SocketException) when (!_listener.IsBound || _listener.SafeHandle.IsClosed)
        {
            // Disposing the listener ends the wait for the next connection.
            return;
        }
    }
}
