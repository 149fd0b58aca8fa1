using System.Globalization;
using Ambient.Hbone.Http2;

namespace Ambient.InProcessTests.Http2;

/// <summary>
/// Frames of the python3-h2 package, a stack that we did not write, in both roles. Its own check of header blocks is off: it asks for
/// :path and :scheme in a CONNECT, which RFC 9113 8.5 forbids.
/// </summary>
public sealed class PythonH2Tests
{
    private const int Streams = 12;
    private const int BytesPerStream = 300_000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private const string Start = """
        import sys, os, hashlib
        import h2.connection, h2.config, h2.events
        def connection(client):
            return h2.connection.H2Connection(h2.config.H2Configuration(
                client_side=client, validate_outbound_headers=False, validate_inbound_headers=False, header_encoding='utf-8'))
        def flush(c):
            data = c.data_to_send()
            while data:
                data = data[os.write(1, data):]
        def push(c, queues):
            for sid in list(queues):
                data, ends = queues[sid]
                while data:
                    n = min(c.local_flow_control_window(sid), c.max_outbound_frame_size, len(data))
                    if n <= 0: break
                    c.send_data(sid, data[:n], pad_length=7 if n < 1000 and n + 8 <= c.local_flow_control_window(sid) else None)
                    data = data[n:]
                queues[sid] = (data, ends)
                if not data and ends:
                    c.end_stream(sid)
                    del queues[sid]

        """;

    private const string EchoServer = Start + """
        c = connection(False)
        c.initiate_connection()
        flush(c)
        queues = {}
        while True:
            data = os.read(0, 65536)
            if not data: break
            for e in c.receive_data(data):
                if isinstance(e, h2.events.RequestReceived):
                    h = dict(e.headers)
                    assert h[':method'] == 'CONNECT' and ':path' not in h and ':scheme' not in h, h
                    c.send_headers(e.stream_id, [(':status', '200'), ('baggage', h['baggage']), ('x-same', 'y' * 200)])
                    queues[e.stream_id] = (b'', False)
                elif isinstance(e, h2.events.DataReceived):
                    c.acknowledge_received_data(e.flow_controlled_length, e.stream_id)
                    queues[e.stream_id] = (queues[e.stream_id][0] + e.data, False)
                elif isinstance(e, h2.events.StreamEnded):
                    queues[e.stream_id] = (queues[e.stream_id][0], True)
            push(c, queues)
            flush(c)
        """;

    private const string Client = Start + """
        c = connection(True)
        c.initiate_connection()
        queues, sums, ended = {}, {}, 0
        def open_stream(i):
            sid = c.get_next_available_stream_id()
            c.send_headers(sid, [(':method', 'CONNECT'), (':authority', '10.0.0.%d:80' % i),
                                 ('baggage', 'k8s.cluster.name=c%d' % i), ('forwarded', 'for="[::1]:80"'), ('x-same', 'z' * 300)])
            payload = hashlib.sha256(b'%d' % i).digest() * (BYTES // 32)
            queues[sid] = (payload, True)
            sums[sid] = (hashlib.sha256(payload), hashlib.sha256())
        for i in range(STREAMS // 2):
            open_stream(i)
        c.ping(b'abcdefgh')
        acknowledged = 0
        push(c, queues)
        flush(c)
        pong = False
        while ended < STREAMS:
            data = os.read(0, 65536)
            assert data, 'the server has closed'
            for e in c.receive_data(data):
                if isinstance(e, h2.events.ResponseReceived):
                    h = dict(e.headers)
                    assert h[':status'] == '200' and h['baggage'].startswith('k8s.cluster.name=c'), h
                elif isinstance(e, h2.events.DataReceived):
                    sums[e.stream_id][1].update(e.data)
                    c.acknowledge_received_data(e.flow_controlled_length, e.stream_id)
                elif isinstance(e, h2.events.StreamEnded):
                    assert sums[e.stream_id][0].digest() == sums[e.stream_id][1].digest(), 'other bytes'
                    ended += 1
                elif isinstance(e, h2.events.SettingsAcknowledged):
                    acknowledged += 1
                    if acknowledged == 1:
                        # Later answers have to confirm the smaller header table.
                        c.update_settings({4: 100000, 1: 0})
                    elif acknowledged == 2:
                        for i in range(STREAMS // 2, STREAMS):
                            open_stream(i)
                elif isinstance(e, h2.events.PingAckReceived):
                    pong = e.ping_data == b'abcdefgh'
                elif isinstance(e, (h2.events.StreamReset, h2.events.ConnectionTerminated)):
                    assert False, repr(e)
            push(c, queues)
            flush(c)
        assert pong, 'no pong'
        c.close_connection()
        flush(c)
        """;

    [Theory]
    [InlineData(4 << 20)]
    [InlineData(20_000)]
    public async Task Its_client_gets_every_byte_back_from_our_server(int streamWindow)
    {
        string script = Client
            .Replace("STREAMS", Streams.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("BYTES", BytesPerStream.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        PipedEnd ours = new(Http2Role.Server, Http2Options.ForServer with { StreamWindow = streamWindow }, echoes: true);
        await using PythonPeer peer = new(script);
        using CancellationTokenSource deadline = new(Deadline);
        await ExchangeAsync(ours, peer, () => false, deadline.Token);

        await AssertSucceededAsync(peer, deadline.Token);
        Assert.Null(ours.Connection.Failure);
        Assert.Equal(Streams, ours.Headers.Count);
        Assert.All(ours.Headers.Values, headers => Assert.Equal("for=\"[::1]:80\"", headers.Find("forwarded"u8)));
        Assert.Equal(Streams, ours.Endings.Count(ending => ending.StartsWith("end", StringComparison.Ordinal)));
        Assert.Equal("goaway 0 NoError", ours.Endings[^1]);
    }

    [Theory]
    [InlineData(4 << 20)]
    [InlineData(20_000)]
    public async Task Our_client_gets_every_byte_back_from_its_server(int streamWindow)
    {
        PipedEnd ours = new(Http2Role.Client, Http2Options.ForClient with { StreamWindow = streamWindow }, echoes: false);
        await using PythonPeer peer = new(EchoServer);
        using CancellationTokenSource deadline = new(Deadline);
        Dictionary<int, byte[]> payloads = [];
        Random random = new(42);
        for (int i = 0; i < Streams; i++)
        {
            Http2Headers headers = Http2Headers.ForConnect($"[fd00::{i}]:80");
            headers.Add("baggage", $"k8s.cluster.name=c{i},service.name={new string('~', 100 * i)}");
            int streamId = ours.Connection.OpenStream(headers);
            payloads[streamId] = new byte[BytesPerStream];
            random.NextBytes(payloads[streamId]);
            ours.Queue(streamId, payloads[streamId], ends: true);
        }

        ours.Connection.SendPing(77);
        peer.Send(ours.TakeOutput());
        await ExchangeAsync(ours, peer, () => ours.Endings.Count == Streams, deadline.Token);

        await AssertSucceededAsync(peer, deadline.Token);
        Assert.Null(ours.Connection.Failure);
        Assert.Equal([77L], ours.Pongs);
        Assert.Equal(payloads.Keys.Select(id => $"end {id}").Order(), ours.Endings.Order());
        Assert.All(payloads, payload => Assert.Equal(payload.Value, ours.Received(payload.Key)));
        Assert.All(ours.Headers.Values, headers => Assert.Equal((200, 200), (headers.Status, headers.Find("x-same"u8)?.Length)));
        Assert.Equal(0, ours.Connection.ActiveStreams);
    }

    private static async Task AssertSucceededAsync(PythonPeer peer, CancellationToken cancel)
    {
        string errors = await peer.FinishAsync(cancel);
        Assert.True(errors.Length == 0, errors);
    }

    private static async Task ExchangeAsync(PipedEnd ours, PythonPeer peer, Func<bool> isDone, CancellationToken cancel)
    {
        byte[] buffer = new byte[65_536];
        while (!isDone() && await peer.ReceiveAsync(buffer, cancel) is int length and > 0)
        {
            Receive(ours.Connection, buffer.AsSpan(0, length));
            peer.Send(ours.TakeOutput());
        }
    }

    private static unsafe void Receive(Http2Connection connection, Span<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            connection.Receive(start, bytes.Length);
        }
    }
}
