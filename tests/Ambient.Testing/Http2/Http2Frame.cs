using System.Buffers.Binary;

namespace Ambient.Testing.Http2;

/// <summary>A frame as it stands on the wire. Numbers are written out here, apart from the product's own, so that a wrong one shows.</summary>
public sealed record Http2Frame(int Type, int Flags, int StreamId, byte[] Payload)
{
    public const int Data = 0;
    public const int Headers = 1;
    public const int Priority = 2;
    public const int Reset = 3;
    public const int Settings = 4;
    public const int PushPromise = 5;
    public const int Ping = 6;
    public const int GoAway = 7;
    public const int WindowUpdate = 8;
    public const int Continuation = 9;

    public const int EndStream = 0x1;
    public const int Ack = 0x1;
    public const int EndHeaders = 0x4;
    public const int Padded = 0x8;
    public const int HasPriority = 0x20;

    /// <summary>The first four payload bytes: an increment, a setting's front, an error code or a last stream id.</summary>
    public int FirstInt => BinaryPrimitives.ReadInt32BigEndian(Payload);

    /// <summary>The second four payload bytes: the error code of a GOAWAY.</summary>
    public int SecondInt => BinaryPrimitives.ReadInt32BigEndian(Payload.AsSpan(4));

    public static List<Http2Frame> ParseAll(ReadOnlySpan<byte> bytes)
    {
        List<Http2Frame> frames = [];
        while (!bytes.IsEmpty)
        {
            int length = (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
            int streamId = BinaryPrimitives.ReadInt32BigEndian(bytes[5..]);
            frames.Add(new Http2Frame(bytes[3], bytes[4], streamId, bytes.Slice(9, length).ToArray()));
            bytes = bytes[(9 + length)..];
        }

        return frames;
    }

    public override string ToString() => $"type {Type} flags {Flags:x} stream {StreamId} length {Payload.Length}";
}
