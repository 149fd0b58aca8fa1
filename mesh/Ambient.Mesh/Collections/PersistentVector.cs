using System.Runtime.CompilerServices;

namespace Ambient.Mesh.Collections;

/// <summary>
/// An immutable sparse array. A change copies the few small nodes above one item, so a copy weighs much less than in <see cref="PersistentMap{TKey, TValue}"/>.
/// Many changes by one owner are made in place, as there.
/// </summary>
internal sealed class PersistentVector<T>
    where T : class
{
    private readonly VectorNode? _root;

    /// <summary>Bits of an index below the root's own.</summary>
    private readonly int _shift;

    private PersistentVector(VectorNode? root, int shift)
    {
        _root = root;
        _shift = shift;
    }

    public static PersistentVector<T> Empty { get; } = new(null, 0);

    /// <summary>Null where nothing was set. An index is not negative.</summary>
    public T? this[int index]
    {
        get
        {
            // What Set took is a T; to check that again would take as long as the walk.
            return Holds(index, _shift) ? Unsafe.As<T?>(VectorNode.Get(_root, index, _shift)) : null;
        }
    }

    public PersistentVector<T> Set(int index, T? item, object? owner = null)
    {
        VectorNode? root = _root;
        int shift = _shift;
        for (; !Holds(index, shift); shift += VectorNode.BitsPerLevel)
        {
            root = root is null ? null : VectorNode.Above(root, owner);
        }

        VectorNode changed = VectorNode.Set(root, index, shift, item, owner);
        return ReferenceEquals(changed, _root) && shift == _shift ? this : new PersistentVector<T>(changed, shift);
    }

    private static bool Holds(int index, int shift) => (long)index >> shift < VectorSlots.Count;
}
