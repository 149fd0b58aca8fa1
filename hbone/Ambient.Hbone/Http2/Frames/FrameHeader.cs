using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Ambient.Hbone.Http2.Frames;

/// <summary>The nine bytes in front of every frame (RFC 9113 4.1).</summary>
internal readonly record struct FrameHeader(int Length, FrameType Type, FrameFlags Flags, int StreamId)
{
    public const int Size = 9;

    public bool Has(FrameFlags flag) => (Flags & flag) != 0;

    /// <summary>The reserved bit of the stream id is ignored, as RFC 9113 4.1 demands.</summary>
    public static unsafe FrameHeader Read(byte* bytes)
    {
        uint front = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(bytes));
        uint streamId = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(bytes + 5));
        return new FrameHeader((int)(front >> 8), (FrameType)(byte)front, (FrameFlags)bytes[4], (int)(streamId & int.MaxValue));
    }

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ((uint)Length << 8) | (byte)Type);
        bytes[4] = (byte)Flags;
        BinaryPrimitives.WriteInt32BigEndian(bytes[5..], StreamId);
    }
}
