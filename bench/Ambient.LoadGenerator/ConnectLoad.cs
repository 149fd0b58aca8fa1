using System.Diagnostics;
using Ambient.Lab.Benchmarking.Statistics;
using Ambient.LoadGenerator.Interop;

namespace Ambient.LoadGenerator;

/// <summary>
/// New connections in a closed loop: each of the slots connects, sends one byte, waits for it to come back, closes, and begins again.
/// The latency is from the connect call to the byte's return.
/// </summary>
internal sealed class ConnectLoad(LoadRoute route, int connections) : IDisposable
{
    private static readonly byte[] OneByte = [0x42];
    private readonly Poller _poller = new();
    private readonly ConnectSlot[] _slots = new ConnectSlot[connections];
    private readonly LatencyHistogram _latencies = new();
    private readonly byte[] _buffer = new byte[64];
    private long _errors;
    private string _message = "";

    public LoadResult Run(TimeSpan duration)
    {
        long began = Stopwatch.GetTimestamp();
        for (int index = 0; index < _slots.Length; index++)
        {
            Begin(index);
        }

        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            foreach (EpollEvent ready in _poller.Wait(timeoutMilliseconds: 50))
            {
                Advance((int)ready.Token);
            }
        }

        return LoadResult.From(_latencies, _errors, Stopwatch.GetElapsedTime(began), _message);
    }

    public void Dispose()
    {
        foreach (ConnectSlot slot in _slots.Where(slot => slot.Socket > 0))
        {
            _ = LibC.Close(slot.Socket);
        }

        _poller.Dispose();
    }

    private void Begin(int index)
    {
        ref ConnectSlot slot = ref _slots[index];
        slot.Began = Stopwatch.GetTimestamp();
        slot.Asked = false;
        slot.Socket = route.StartConnect();
        if (slot.Socket < 0)
        {
            throw new IOException("The generator has run out of ports or descriptors");
        }

        _poller.Add(slot.Socket, index);
    }

    private void Advance(int index)
    {
        ref ConnectSlot slot = ref _slots[index];
        if (!slot.Asked)
        {
            if (!ClientSocket.IsConnected(slot.Socket))
            {
                Fail(index, "connect failed");
                return;
            }

            slot.Asked = ClientSocket.SendAll(slot.Socket, OneByte);
            return;
        }

        int received = ClientSocket.Receive(slot.Socket, _buffer);
        if (received == 1)
        {
            _latencies.Record(Stopwatch.GetElapsedTime(slot.Began).Ticks * TimeSpan.NanosecondsPerTick);
            Restart(index);
        }
        else if (received != -1)
        {
            Fail(index, received == 0 ? "closed before the byte came back" : "reset before the byte came back");
        }
    }

    private void Fail(int index, string message)
    {
        _errors++;
        _message = _message.Length == 0 ? message : _message;
        Restart(index);
    }

    private void Restart(int index)
    {
        _ = LibC.Close(_slots[index].Socket);
        Begin(index);
    }
}
