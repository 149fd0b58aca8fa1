using System.Buffers.Binary;
using System.Text;

namespace Ambient.Hbone.Http2.Frames;

/// <summary>Appends whole frames other than DATA with payload to an output.</summary>
internal static class FrameWriter
{
    private const int MaxDebugBytes = 128;

    /// <summary>RFC 9113 3.4.</summary>
    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    public static void Settings(Http2Output output, ReadOnlySpan<(SettingId Id, int Value)> entries)
    {
        Span<byte> payload = Begin(output, entries.Length * 6, FrameType.Settings, FrameFlags.None, 0);
        foreach ((SettingId id, int value) in entries)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)id);
            BinaryPrimitives.WriteInt32BigEndian(payload[2..], value);
            payload = payload[6..];
        }
    }

    public static void SettingsAcknowledgement(Http2Output output) =>
        Begin(output, 0, FrameType.Settings, FrameFlags.Acknowledge, 0);

    public static void Ping(Http2Output output, long payload, FrameFlags flags) =>
        BinaryPrimitives.WriteInt64BigEndian(Begin(output, 8, FrameType.Ping, flags, 0), payload);

    public static void WindowUpdate(Http2Output output, int streamId, int increment) =>
        BinaryPrimitives.WriteInt32BigEndian(Begin(output, 4, FrameType.WindowUpdate, FrameFlags.None, streamId), increment);

    public static void Reset(Http2Output output, int streamId, Http2Error error) =>
        BinaryPrimitives.WriteUInt32BigEndian(Begin(output, 4, FrameType.ResetStream, FrameFlags.None, streamId), (uint)error);

    public static void EndOfStream(Http2Output output, int streamId) =>
        Begin(output, 0, FrameType.Data, FrameFlags.EndStream, streamId);

    public static void GoAway(Http2Output output, int lastStreamId, Http2Error error, string reason)
    {
        int debugBytes = Math.Min(reason.Length, MaxDebugBytes);
        Span<byte> payload = Begin(output, 8 + debugBytes, FrameType.GoAway, FrameFlags.None, 0);
        BinaryPrimitives.WriteInt32BigEndian(payload, lastStreamId);
        BinaryPrimitives.WriteUInt32BigEndian(payload[4..], (uint)error);
        Encoding.Latin1.GetBytes(reason.AsSpan(0, debugBytes), payload[8..]);
    }

    /// <summary>HEADERS, and CONTINUATION frames when the block is larger than one frame of the peer.</summary>
    public static void HeaderBlock(Http2Output output, int streamId, ReadOnlySpan<byte> block, bool endStream, int maxFrameSize)
    {
        FrameType type = FrameType.Headers;
        FrameFlags flags = endStream ? FrameFlags.EndStream : FrameFlags.None;
        do
        {
            int length = Math.Min(block.Length, maxFrameSize);
            flags |= length == block.Length ? FrameFlags.EndHeaders : FrameFlags.None;
            block[..length].CopyTo(Begin(output, length, type, flags, streamId));
            block = block[length..];
            type = FrameType.Continuation;
            flags = FrameFlags.None;
        }
        while (!block.IsEmpty);
    }

    private static Span<byte> Begin(Http2Output output, int length, FrameType type, FrameFlags flags, int streamId)
    {
        Span<byte> frame = output.Append(FrameHeader.Size + length);
        new FrameHeader(length, type, flags, streamId).Write(frame);
        return frame[FrameHeader.Size..];
    }
}
