namespace Ambient.Xds.Decoding;

/// <summary>Two generations of known values: when the young one is full it becomes the old one, and what was only in the old one is forgotten.</summary>
internal sealed class InternPool<T>
    where T : class
{
    internal const int GenerationSize = 64 * 1024;

    private Dictionary<T, T> _young = [];
    private Dictionary<T, T> _old = [];

    public T Intern(T value)
    {
        if (_young.TryGetValue(value, out T? known))
        {
            return known;
        }

        T kept = _old.TryGetValue(value, out known) ? known : value;
        if (_young.Count >= GenerationSize)
        {
            _old = _young;
            _young = [];
        }

        _young.Add(kept, kept);
        return kept;
    }
}
