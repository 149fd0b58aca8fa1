using System.Net;
using Ambient.LoadGenerator.Interop;

namespace Ambient.LoadGenerator;

/// <summary>
/// The far end: returns what it receives on one port, and on the other sends without end to whoever connects.
/// </summary>
internal sealed class EchoServer : IDisposable
{
    private const int EchoToken = 1;
    private const int SourceToken = 2;
    private const int SourceFlag = 1 << 30;
    private readonly Poller _poller = new();
    private readonly int _echoListener;
    private readonly int _sourceListener;
    private readonly byte[] _buffer = new byte[65_536];

    public EchoServer(IPEndPoint echo, IPEndPoint source)
    {
        _echoListener = ClientSocket.Listen(echo);
        _sourceListener = ClientSocket.Listen(source);
        _poller.Add(_echoListener, EchoToken);
        _poller.Add(_sourceListener, SourceToken);
    }

    /// <summary>Serves until the process ends.</summary>
    public void Run(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            foreach (EpollEvent ready in _poller.Wait(timeoutMilliseconds: 500))
            {
                Serve((int)ready.Token);
            }
        }
    }

    public void Dispose()
    {
        _ = LibC.Close(_echoListener);
        _ = LibC.Close(_sourceListener);
        _poller.Dispose();
    }

    private void Serve(int token)
    {
        switch (token)
        {
            case EchoToken:
                AcceptAll(_echoListener, flag: 0);
                break;
            case SourceToken:
                AcceptAll(_sourceListener, SourceFlag);
                break;
            case int when (token & SourceFlag) != 0:
                SendEndlessly(token & ~SourceFlag);
                break;
            default:
                Echo(token);
                break;
        }
    }

    private unsafe void AcceptAll(int listener, int flag)
    {
        for (int socket = LibC.Accept(listener, null, null, LibC.AcceptNonBlocking);
            socket >= 0;
            socket = LibC.Accept(listener, null, null, LibC.AcceptNonBlocking))
        {
            ClientSocket.SetOption(socket, LibC.LevelTcp, LibC.OptionNoDelay, 1);
            _poller.Add(socket, socket | flag, edgeTriggered: flag != SourceFlag);
        }
    }

    private void Echo(int socket)
    {
        while (true)
        {
            int received = ClientSocket.Receive(socket, _buffer);
            if (received == -1)
            {
                return;
            }

            if (received <= 0 || !ClientSocket.SendAll(socket, _buffer.AsSpan(0, received)))
            {
                _ = LibC.Close(socket);
                return;
            }
        }
    }

    /// <summary>A bounded number of sends a turn, so that one fast reader does not keep the echo connections waiting; hence level-triggered.</summary>
    private unsafe void SendEndlessly(int socket)
    {
        if (ClientSocket.Receive(socket, _buffer.AsSpan(0, 1)) is 0 or -2)
        {
            _ = LibC.Close(socket);
            return;
        }

        fixed (byte* start = _buffer)
        {
            for (int turn = 0; turn < 64; turn++)
            {
                if (LibC.Send(socket, start, _buffer.Length, LibC.SendWithoutSignal) < _buffer.Length)
                {
                    return;
                }
            }
        }
    }
}
