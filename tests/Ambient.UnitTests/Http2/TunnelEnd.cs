using Ambient.Hbone.Http2;

namespace Ambient.UnitTests.Http2;

/// <summary>
/// One side of a conversation between two connections: sends a known number of bytes on every stream, in frames as its credit allows, reads
/// at its own pace, and checks each byte it gets.
/// </summary>
internal sealed class TunnelEnd : IHttp2Events
{
    private readonly Random _random;
    private readonly int _bytesPerStream;
    private readonly Dictionary<int, int> _toSend = [];
    private readonly Dictionary<int, int> _unread = [];
    private readonly Queue<byte> _wire = new();

    public TunnelEnd(Http2Role role, Http2Options options, Random random, int bytesPerStream)
    {
        _random = random;
        _bytesPerStream = bytesPerStream;
        Connection = new Http2Connection(role, options, this);
        Connection.Start();
    }

    public Http2Connection Connection { get; }

    public Dictionary<int, int> Received { get; } = [];

    public int Ended { get; private set; }

    public int Resets { get; private set; }

    public bool IsIdle => _wire.Count == 0 && Connection.Output.Length == 0 && _unread.Values.All(bytes => bytes == 0);

    public void Open()
    {
        int streamId = Connection.OpenStream(Http2Headers.ForConnect("10.0.0.1:80"));
        Assert.True(streamId > 0);
        _toSend[streamId] = _bytesPerStream;
    }

    public void OnRequest(int streamId, Http2Headers headers, bool endStream)
    {
        Connection.SendResponse(streamId, 200, null, endStream: false);
        _toSend[streamId] = _bytesPerStream;
    }

    public void OnResponse(int streamId, Http2Headers headers, bool endStream) => Assert.Equal(200, headers.Status);

    public unsafe void OnData(int streamId, byte* payload, int length, bool endStream)
    {
        int received = Received.GetValueOrDefault(streamId);
        for (int i = 0; i < length; i++)
        {
            Assert.Equal(ByteAt(streamId, received + i), payload[i]);
        }

        Received[streamId] = received + length;
        _unread[streamId] = _unread.GetValueOrDefault(streamId) + length;
        Ended += endStream ? 1 : 0;
    }

    public void OnReset(int streamId, Http2Error error) => Resets++;

    public void OnWritable(int streamId)
    {
    }

    public void OnGoAway(int lastStreamId, Http2Error error)
    {
    }

    public void OnPong(long payload)
    {
    }

    public void OnPeerSettings()
    {
    }

    /// <summary>Does one thing at random: writes a frame on a stream, reads some bytes, sends what is waiting, or pings.</summary>
    public void Step()
    {
        switch (_random.Next(8))
        {
            case < 4 when _toSend.Count > 0:
                WriteSome(_toSend.Keys.ElementAt(_random.Next(_toSend.Count)));
                break;
            case < 7 when _unread.Count > 0:
                ReadSome(_unread.Keys.ElementAt(_random.Next(_unread.Count)));
                break;
            default:
                if (_random.Next(50) == 0)
                {
                    Connection.SendPing(_random.NextInt64());
                }

                break;
        }
    }

    /// <summary>Moves some of what waits on this side's wire to the other.</summary>
    public unsafe void Transfer(TunnelEnd other)
    {
        FlushOutput();
        byte[] chunk = new byte[Math.Min(_wire.Count, _random.Next(40_000))];
        for (int i = 0; i < chunk.Length; i++)
        {
            chunk[i] = _wire.Dequeue();
        }

        fixed (byte* start = chunk)
        {
            other.Connection.Receive(start, chunk.Length);
        }
    }

    private static byte ByteAt(int streamId, int offset) => (byte)((streamId * 31) + offset + (offset >> 8));

    private unsafe void WriteSome(int streamId)
    {
        int left = _toSend[streamId];
        int length = Math.Min(Math.Min(left, Connection.SendCredit(streamId)), _random.Next(16_385));
        if (left == 0)
        {
            Connection.EndStream(streamId);
            _toSend.Remove(streamId);
            return;
        }

        if (length == 0)
        {
            return;
        }

        FlushOutput();
        bool end = length == left && _random.Next(2) == 0;
        byte[] frame = new byte[9 + length];
        fixed (byte* start = frame)
        {
            Assert.Equal(9, Connection.WriteDataHeader(start, streamId, length, end));
        }

        for (int i = 0; i < length; i++)
        {
            frame[9 + i] = ByteAt(streamId, _bytesPerStream - left + i);
        }

        Put(frame);
        _toSend[streamId] = left - length;
        if (end)
        {
            _toSend.Remove(streamId);
        }
    }

    private void ReadSome(int streamId)
    {
        int bytes = _random.Next(_unread[streamId] + 1);
        Connection.Release(streamId, bytes);
        _unread[streamId] -= bytes;
        if (_unread[streamId] == 0)
        {
            _unread.Remove(streamId);
        }
    }

    private void FlushOutput()
    {
        Put(Connection.Output.Span);
        Connection.Output.Clear();
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            _wire.Enqueue(value);
        }
    }
}
