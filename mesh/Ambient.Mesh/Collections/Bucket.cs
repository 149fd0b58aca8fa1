namespace Ambient.Mesh.Collections;

/// <summary>One or several values under an index key, in insertion order. One value, by far the most common case, needs no array.</summary>
internal readonly struct Bucket<T>
    where T : class
{
    private readonly object? _content;

    private Bucket(object? content) => _content = content;

    public static Bucket<T> Of(T item) => new(item);

    public int Count => _content switch
    {
        null => 0,
        T[] many => many.Length,
        _ => 1,
    };

    public T this[int index] => _content is T[] many ? many[index] : (T)_content!;

    /// <summary>An item that is already there (the same object) is not added again.</summary>
    public Bucket<T> With(T item)
    {
        if (_content is null)
        {
            return Of(item);
        }

        for (int index = 0; index < Count; index++)
        {
            if (ReferenceEquals(this[index], item))
            {
                return this;
            }
        }

        return new Bucket<T>(_content is T[] many ? (T[])[.. many, item] : (T[])[(T)_content, item]);
    }

    public Bucket<T> Without(T item)
    {
        if (_content is not T[] many)
        {
            return ReferenceEquals(_content, item) ? default : this;
        }

        T[] rest = Array.FindAll(many, other => !ReferenceEquals(other, item));
        return rest.Length switch
        {
            0 => default,
            1 => Of(rest[0]),
            _ => new Bucket<T>(rest),
        };
    }
}
