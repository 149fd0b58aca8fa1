using System.Runtime.CompilerServices;

namespace Ambient.Mesh.Collections;

/// <summary>The places of a <see cref="VectorNode"/>, inside it: no array of its own.</summary>
[InlineArray(Count)]
internal struct VectorSlots
{
    public const int Count = 32;

    private object? _first;
}
