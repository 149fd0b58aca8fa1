namespace Ambient.Mesh.Collections;

/// <summary>A node of <see cref="PersistentVector{T}"/>: children, or items at the lowest level. Null stands for nothing but nulls below.</summary>
internal sealed class VectorNode
{
    public const int BitsPerLevel = 5;
    private const int Mask = VectorSlots.Count - 1;

    private readonly object? _owner;
    private VectorSlots _slots;

    public VectorNode(object? owner) => _owner = owner;

    private VectorNode(VectorNode source, object? owner)
    {
        _owner = owner;
        _slots = source._slots;
    }

    /// <param name="node">Where to begin.</param>
    /// <param name="index">Within the node.</param>
    /// <param name="shift">Bits of the index below the node's own.</param>
    public static object? Get(VectorNode? node, int index, int shift)
    {
        for (; node is not null && shift > 0; shift -= BitsPerLevel)
        {
            node = (VectorNode?)node._slots[(index >> shift) & Mask];
        }

        return node?._slots[index & Mask];
    }

    /// <summary>The node with one item replaced: itself when the owner made it, else a copy.</summary>
    public static VectorNode Set(VectorNode? node, int index, int shift, object? item, object? owner)
    {
        VectorNode own = node is null ? new VectorNode(owner)
            : owner is not null && ReferenceEquals(node._owner, owner) ? node
            : new VectorNode(node, owner);
        int slot = (index >> shift) & Mask;
        own._slots[slot] = shift == 0 ? item : Set((VectorNode?)own._slots[slot], index, shift - BitsPerLevel, item, owner);
        return own;
    }

    /// <summary>A level more: everything so far lies below the first slot.</summary>
    public static VectorNode Above(VectorNode node, object? owner)
    {
        VectorNode above = new(owner);
        above._slots[0] = node;
        return above;
    }
}
