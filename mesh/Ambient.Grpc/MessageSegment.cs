using System.Buffers;

namespace Ambient.Grpc;

internal sealed class MessageSegment : ReadOnlySequenceSegment<byte>
{
    public MessageSegment(ReadOnlyMemory<byte> memory, MessageSegment? previous)
    {
        Memory = memory;
        if (previous is not null)
        {
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
