using System.Diagnostics;
using Ambient.Lab.Benchmarking.Statistics;
using Ambient.LoadGenerator.Interop;

namespace Ambient.LoadGenerator;

/// <summary>Messages there and back, one under way on each connection; connections are opened before the clock starts.</summary>
internal sealed class PingPongLoad : IDisposable
{
    private const int LargestMessage = 65_536;
    private readonly Poller _poller = new();
    private readonly LatencyHistogram _latencies = new();
    private readonly byte[] _message;
    private readonly byte[] _buffer = new byte[LargestMessage];
    private readonly int[] _sockets;
    private readonly int[] _missing;
    private readonly long[] _began;
    private long _errors;

    public PingPongLoad(HeldConnections opened, int messageBytes)
    {
        _message = new byte[Math.Clamp(messageBytes, 1, LargestMessage)];
        _sockets = [.. opened.Sockets];
        _missing = new int[_sockets.Length];
        _began = new long[_sockets.Length];
        for (int index = 0; index < _sockets.Length; index++)
        {
            _poller.Add(_sockets[index], index);
        }
    }

    public LoadResult Run(TimeSpan duration)
    {
        long began = Stopwatch.GetTimestamp();
        for (int index = 0; index < _sockets.Length; index++)
        {
            Send(index);
        }

        while (Stopwatch.GetElapsedTime(began) < duration && _errors < _sockets.Length)
        {
            foreach (EpollEvent ready in _poller.Wait(timeoutMilliseconds: 50))
            {
                Advance((int)ready.Token);
            }
        }

        return LoadResult.From(_latencies, _errors, Stopwatch.GetElapsedTime(began), _errors == 0 ? "" : "a connection broke");
    }

    public void Dispose() => _poller.Dispose();

    private void Send(int index)
    {
        _began[index] = Stopwatch.GetTimestamp();
        _missing[index] = _message.Length;
        if (!ClientSocket.SendAll(_sockets[index], _message))
        {
            _errors++;
        }
    }

    private void Advance(int index)
    {
        while (_missing[index] > 0)
        {
            int received = ClientSocket.Receive(_sockets[index], _buffer.AsSpan(0, _missing[index]));
            if (received == -1)
            {
                return;
            }

            if (received <= 0)
            {
                _errors++;
                _missing[index] = 0;
                return;
            }

            _missing[index] -= received;
            if (_missing[index] == 0)
            {
                _latencies.Record(Stopwatch.GetElapsedTime(_began[index]).Ticks * TimeSpan.NanosecondsPerTick);
                Send(index);
            }
        }
    }
}
