using Ambient.Hbone.Http2;

namespace Ambient.InProcessTests.Http2;

/// <summary>
/// Our end of a connection: queues bytes per stream and turns them into frames as windows allow. Made to echo, it answers
/// requests with 200 and sends back what it gets.
/// </summary>
internal sealed class PipedEnd : IHttp2Events
{
    private readonly bool _echoes;
    private readonly Dictionary<int, MemoryStream> _received = [];
    private readonly Dictionary<int, (byte[] Bytes, int Sent, bool Ends)> _queued = [];

    public PipedEnd(Http2Role role, Http2Options options, bool echoes)
    {
        _echoes = echoes;
        Connection = new Http2Connection(role, options, this);
        Connection.Start();
    }

    public Http2Connection Connection { get; }

    public Dictionary<int, Http2Headers> Headers { get; } = [];

    public List<string> Endings { get; } = [];

    public List<long> Pongs { get; } = [];

    public byte[] Received(int streamId) => _received[streamId].ToArray();

    public void Queue(int streamId, byte[] bytes, bool ends)
    {
        (byte[] before, int sent, _) = _queued.GetValueOrDefault(streamId, ([], 0, false));
        _queued[streamId] = ([.. before.AsSpan(sent), .. bytes], 0, ends);
    }

    /// <summary>Everything that can be sent now.</summary>
    public byte[] TakeOutput()
    {
        MemoryStream wire = new();
        foreach (int streamId in _queued.Keys.ToArray())
        {
            WriteFrames(streamId, wire);
        }

        Flush(wire);
        return wire.ToArray();
    }

    public void OnRequest(int streamId, Http2Headers headers, bool endStream)
    {
        Headers[streamId] = headers;
        _received[streamId] = new MemoryStream();
        Http2Headers answer = new();
        answer.Add("baggage", headers.Find("baggage"u8) ?? "none");
        Connection.SendResponse(streamId, 200, answer, endStream: false);
    }

    public void OnResponse(int streamId, Http2Headers headers, bool endStream)
    {
        Headers[streamId] = headers;
        _received[streamId] = new MemoryStream();
    }

    public unsafe void OnData(int streamId, byte* payload, int length, bool endStream)
    {
        byte[] bytes = new ReadOnlySpan<byte>(payload, length).ToArray();
        _received[streamId].Write(bytes);
        Connection.Release(streamId, length);
        if (_echoes)
        {
            Queue(streamId, bytes, endStream);
        }

        if (endStream)
        {
            Endings.Add($"end {streamId}");
        }
    }

    public void OnReset(int streamId, Http2Error error) => Endings.Add($"reset {streamId} {error}");

    public void OnWritable(int streamId)
    {
    }

    public void OnGoAway(int lastStreamId, Http2Error error) => Endings.Add($"goaway {lastStreamId} {error}");

    public void OnPong(long payload) => Pongs.Add(payload);

    public void OnPeerSettings()
    {
    }

    private unsafe void WriteFrames(int streamId, MemoryStream wire)
    {
        (byte[] bytes, int sent, bool ends) = _queued[streamId];
        byte* header = stackalloc byte[Http2Connection.DataHeaderBytes];
        while (sent < bytes.Length && Connection.SendCredit(streamId) is int credit and > 0)
        {
            Flush(wire);
            int length = Math.Min(Math.Min(credit, Connection.MaxSendFrameSize), bytes.Length - sent);
            int headerBytes = Connection.WriteDataHeader(header, streamId, length, endStream: false);
            wire.Write(new ReadOnlySpan<byte>(header, headerBytes));
            wire.Write(bytes, sent, length);
            sent += length;
        }

        _queued[streamId] = (bytes, sent, ends);
        if (sent == bytes.Length)
        {
            _queued.Remove(streamId);
            if (ends)
            {
                Connection.EndStream(streamId);
            }
        }
    }

    private void Flush(MemoryStream wire)
    {
        wire.Write(Connection.Output.Span);
        Connection.Output.Clear();
    }
}
