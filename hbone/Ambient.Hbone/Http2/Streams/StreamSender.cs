using System.Buffers;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Http2.Hpack;

namespace Ambient.Hbone.Http2.Streams;

/// <summary>What this side sends on streams: HEADERS, DATA headers, END_STREAM.</summary>
internal sealed class StreamSender(ConnectionCore core, HpackEncoder encoder)
{
    private const int NoStream = -1;

    public bool CanOpen(bool isDraining) =>
        !core.IsServer && !core.IsOver && !isDraining && !core.PeerIsGoingAway && core.NextLocalStream > 0
        && core.ActiveStreams < Math.Min((uint)core.Options.MaxConcurrentStreams, core.Peer.MaxConcurrentStreams);

    public int Open(Http2Headers headers, bool isDraining)
    {
        if (!CanOpen(isDraining))
        {
            return NoStream;
        }

        int streamId = core.NextLocalStream;
        core.NextLocalStream = unchecked(streamId + 2);
        core.AddStream(streamId).IsTunnel =
            headers.TryGet(":method"u8, out ReadOnlySpan<byte> method) && method.SequenceEqual("CONNECT"u8);
        WriteHeaders(streamId, 0, headers, endStream: false);
        return streamId;
    }

    public void Answer(int streamId, int status, Http2Headers? headers, bool endStream)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 999);
        if (Find(streamId) is not { } stream)
        {
            return;
        }

        if (stream.IsAnswered || !core.IsServer)
        {
            throw new InvalidOperationException($"Stream {streamId} has its answer already.");
        }

        stream.IsAnswered = true;
        WriteHeaders(streamId, status, headers, endStream);
        EndHere(stream, endStream);
    }

    public int Credit(int streamId)
    {
        Http2Stream? stream = core.Streams.Find(streamId);
        if (stream is null || stream.IsClosed || stream.LocalEnded || core.IsOver)
        {
            return 0;
        }

        return (int)Math.Max(0, Math.Min(stream.SendWindow, core.SendWindow));
    }

    public unsafe int WriteDataHeader(byte* destination, int streamId, int length, bool endStream)
    {
        Http2Stream? stream = core.Streams.Find(streamId);
        if (stream is null || stream.IsClosed || stream.LocalEnded || core.IsOver)
        {
            return 0;
        }

        if (core.IsServer && !stream.IsAnswered)
        {
            throw new InvalidOperationException($"DATA before the answer on stream {streamId}.");
        }

        if ((uint)length > (uint)core.Peer.MaxFrameSize || length > Math.Min(stream.SendWindow, core.SendWindow) && length > 0)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "more than the credit or the peer's largest frame");
        }

        stream.SendWindow -= length;
        core.SendWindow -= length;
        core.DataBytesMoved += length;
        core.DataFramesSent++;
        FrameFlags flags = endStream ? FrameFlags.EndStream : FrameFlags.None;
        new FrameHeader(length, FrameType.Data, flags, streamId).Write(new Span<byte>(destination, FrameHeader.Size));
        EndHere(stream, endStream);
        return FrameHeader.Size;
    }

    public void End(int streamId)
    {
        if (Find(streamId) is not { LocalEnded: false } stream)
        {
            return;
        }

        if (core.IsServer && !stream.IsAnswered)
        {
            throw new InvalidOperationException($"END_STREAM before the answer on stream {streamId}.");
        }

        FrameWriter.EndOfStream(core.Output, streamId);
        EndHere(stream, true);
    }

    private Http2Stream? Find(int streamId) => core.IsOver ? null : core.FindOpen(streamId);

    private void EndHere(Http2Stream stream, bool endStream)
    {
        if (endStream)
        {
            stream.LocalEnded = true;
            core.CloseIfEnded(stream);
        }
    }

    private void WriteHeaders(int streamId, int status, Http2Headers? headers, bool endStream)
    {
        int most = HpackEncoder.MaxLength(headers);
        byte[] block = ArrayPool<byte>.Shared.Rent(most);
        int length = encoder.Encode(status, headers, block);
        FrameWriter.HeaderBlock(core.Output, streamId, block.AsSpan(0, length), endStream, core.Peer.MaxFrameSize);
        ArrayPool<byte>.Shared.Return(block);
    }
}
