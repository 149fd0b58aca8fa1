using Ambient.Hbone.Http2;
using Ambient.Testing.Http2;
using BenchmarkDotNet.Attributes;
using static Ambient.Testing.Http2.FrameBytes;

namespace Ambient.Microbenchmarks.Http2;

/// <summary>What a connection pays per DATA frame of 16 KiB, flow control included; no payload is touched.</summary>
[MemoryDiagnoser]
public class DataFrameBenchmarks
{
    private const int FramePayload = 16_384;
    private const int FramesReceived = 16;
    private const int HeadersWritten = 64;
    private const int StreamId = 1;
    private const int WindowBytes = HeadersWritten * FramePayload;

    private readonly CountingEvents _events = new();
    private readonly PinnedBytes _header = new(9);
    private Http2Connection _connection = null!;
    private PinnedBytes _batch = null!;
    private PinnedBytes _refill = null!;

    /// <summary>A server's connection with one answered stream, and credit for one round of sending.</summary>
    [GlobalSetup]
    public unsafe void Setup()
    {
        _batch = new PinnedBytes([.. Enumerable.Repeat(Data(StreamId, FramePayload), FramesReceived).SelectMany(frame => frame)]);
        _refill = new PinnedBytes([.. WindowUpdate(0, WindowBytes), .. WindowUpdate(StreamId, WindowBytes)]);
        _connection = new Http2Connection(Http2Role.Server, Http2Options.ForServer, _events);
        _connection.Start();
        PinnedBytes opening = new([.. Preface, .. Settings((5, 1 << 20)), .. SettingsAck, .. Connect(StreamId), .. _refill.Span]);
        _connection.Receive(opening.Pointer, opening.Length);
        _connection.SendResponse(StreamId, 200, null, endStream: false);
        _connection.Output.Clear();
    }

    [Benchmark(OperationsPerInvoke = FramesReceived)]
    public unsafe long Receive()
    {
        _connection.Receive(_batch.Pointer, _batch.Length);
        _connection.Release(StreamId, FramesReceived * FramePayload);
        _connection.Output.Clear();
        return _events.Bytes;
    }

    [Benchmark(OperationsPerInvoke = HeadersWritten)]
    public unsafe int WriteHeader()
    {
        int written = 0;
        for (int i = 0; i < HeadersWritten; i++)
        {
            written += _connection.WriteDataHeader(_header.Pointer, StreamId, FramePayload, endStream: false);
        }

        _connection.Receive(_refill.Pointer, _refill.Length);
        return written;
    }
}
