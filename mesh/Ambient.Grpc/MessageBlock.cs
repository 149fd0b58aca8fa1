using System.Buffers;
using System.Runtime.InteropServices;

namespace Ambient.Grpc;

/// <summary>Memory outside the collector's heap.</summary>
internal sealed unsafe class MessageBlock(int length) : MemoryManager<byte>
{
    private byte* _start = (byte*)NativeMemory.Alloc((nuint)length);

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        return new Span<byte>(_start, length);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)length);
        return new MemoryHandle(_start + elementIndex, pinnable: this);
    }

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        NativeMemory.Free(_start);
        _start = null;
    }
}
