using System.Diagnostics;
using Ambient.Lab.Benchmarking.Statistics;
using Ambient.LoadGenerator.Interop;

namespace Ambient.LoadGenerator;

/// <summary>Connections that are opened, at most 64 under way at once, and then kept.</summary>
internal sealed class HeldConnections : IDisposable
{
    private const int UnderWay = 64;
    private static readonly byte[] OneByte = [0x42];
    private readonly List<int> _sockets = [];
    private readonly byte[] _buffer = new byte[64];

    public IReadOnlyList<int> Sockets => _sockets;

    /// <summary>Opens the connections; each has passed one byte there and back, unless <paramref name="echo"/> is false.</summary>
    public LoadResult Open(LoadRoute route, int connections, bool echo, TimeSpan limit)
    {
        using Poller poller = new();
        long began = Stopwatch.GetTimestamp();
        LatencyHistogram latencies = new();
        int started = 0;
        long errors = 0;
        Dictionary<int, long> asked = [];
        while (latencies.Count + errors < connections && Stopwatch.GetElapsedTime(began) < limit)
        {
            for (; started < connections && started - latencies.Count - errors < UnderWay; started++)
            {
                int socket = route.StartConnect();
                if (socket < 0)
                {
                    return LoadResult.Failure($"out of ports or descriptors after {started} connections");
                }

                _sockets.Add(socket);
                poller.Add(socket, socket);
            }

            foreach (EpollEvent ready in poller.Wait(timeoutMilliseconds: 50))
            {
                switch (Advance((int)ready.Token, asked, echo))
                {
                    case true:
                        latencies.Record(Stopwatch.GetElapsedTime(began).Ticks * TimeSpan.NanosecondsPerTick);
                        break;
                    case false:
                        errors++;
                        break;
                }
            }
        }

        errors += connections - errors - latencies.Count;
        return LoadResult.From(latencies, errors, Stopwatch.GetElapsedTime(began), errors == 0 ? "" : $"{errors} of {connections} did not open");
    }

    /// <summary>Reads what is there once from each connection, then resets it.</summary>
    public void Abort()
    {
        byte[] some = new byte[16_384];
        foreach (int socket in _sockets)
        {
            _ = ClientSocket.Receive(socket, some);
            ClientSocket.ResetOnClose(socket);
        }

        Dispose();
    }

    public void Dispose()
    {
        foreach (int socket in _sockets)
        {
            _ = LibC.Close(socket);
        }

        _sockets.Clear();
    }

    /// <summary>True: open. False: failed. Null: still under way, or counted before.</summary>
    private bool? Advance(int socket, Dictionary<int, long> asked, bool echo)
    {
        if (asked.TryAdd(socket, 0))
        {
            if (!ClientSocket.IsConnected(socket))
            {
                return false;
            }

            return echo ? (ClientSocket.SendAll(socket, OneByte) ? null : false) : true;
        }

        if (!echo || asked[socket] != 0)
        {
            return null;
        }

        int received = ClientSocket.Receive(socket, _buffer);
        if (received != -1)
        {
            asked[socket] = 1;
        }

        return received == -1 ? null : received == 1;
    }
}
