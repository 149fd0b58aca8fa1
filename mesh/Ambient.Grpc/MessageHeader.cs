using System.Buffers.Binary;

namespace Ambient.Grpc;

/// <summary>The five bytes before each message: whether it is compressed, and its length (gRPC over HTTP/2, Length-Prefixed-Message).</summary>
internal static class MessageHeader
{
    public const int Length = 5;

    public static void Write(Span<byte> frame, int messageLength)
    {
        frame[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(frame[1..], (uint)messageLength);
    }

    /// <exception cref="GrpcException">The message is compressed, which was never offered, or too long.</exception>
    public static int Read(ReadOnlySpan<byte> header, int maxMessageBytes)
    {
        if (header[0] != 0)
        {
            throw new GrpcException(GrpcStatusCode.Internal, "the peer sent a compressed message; compression was not offered");
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        return length <= (uint)maxMessageBytes
            ? (int)length
            : throw new GrpcException(
                GrpcStatusCode.ResourceExhausted, $"the peer sent a message of {length} bytes; the limit is {maxMessageBytes}");
    }
}
