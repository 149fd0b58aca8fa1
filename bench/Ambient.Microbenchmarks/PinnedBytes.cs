using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ambient.Microbenchmarks;

/// <summary>Memory that never moves, in place of a loop's native buffers.</summary>
internal sealed unsafe class PinnedBytes
{
    private readonly byte[] _bytes;

    public PinnedBytes(int length) => _bytes = GC.AllocateArray<byte>(length, pinned: true);

    public PinnedBytes(ReadOnlySpan<byte> content)
        : this(content.Length) => content.CopyTo(_bytes);

    public int Length => _bytes.Length;

    public Span<byte> Span => _bytes;

    public byte* Pointer => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));
}
