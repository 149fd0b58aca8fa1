using System.Buffers;

namespace Ambient.Grpc;

/// <summary>
/// The bytes of one message, in blocks that are taken as the bytes arrive: a length that a server only claims costs nothing. The blocks
/// are not the collector's, so that a message of a whole mesh leaves the process's memory when it has been read.
/// </summary>
internal sealed class MessageBuffer : IDisposable
{
    private const int FirstBlockBytes = 16 * 1024;
    private const int BlockBytes = 1024 * 1024;

    private readonly List<MessageBlock> _blocks = [];

    public ReadOnlySequence<byte> Bytes
    {
        get
        {
            if (_blocks.Count == 0)
            {
                return ReadOnlySequence<byte>.Empty;
            }

            MessageSegment first = new(_blocks[0].Memory, null);
            MessageSegment last = first;
            foreach (MessageBlock block in _blocks.Skip(1))
            {
                last = new MessageSegment(block.Memory, last);
            }

            return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        }
    }

    /// <summary>Room for the next bytes, all of which must be filled.</summary>
    /// <param name="remaining">Bytes that the message still lacks; the room is at most that.</param>
    public Memory<byte> Grow(int remaining)
    {
        MessageBlock block = new(Math.Min(remaining, _blocks.Count == 0 ? FirstBlockBytes : BlockBytes));
        _blocks.Add(block);
        return block.Memory;
    }

    public void Dispose()
    {
        foreach (IDisposable block in _blocks)
        {
            block.Dispose();
        }

        _blocks.Clear();
    }
}
