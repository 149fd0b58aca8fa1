namespace Ambient.ControlPlane.Translation.State;

/// <summary>Gives one object for equal ones, for as long as its slot is not wanted by another; its size is fixed.</summary>
internal sealed class SharedValues<T>
    where T : class, IEquatable<T>
{
    private const int SlotCount = 1 << 14;

    private readonly T?[] _slots = new T?[SlotCount];

    public T Share(T value)
    {
        ref T? slot = ref _slots[value.GetHashCode() & (SlotCount - 1)];
        return slot is not null && slot.Equals(value) ? slot : slot = value;
    }
}
