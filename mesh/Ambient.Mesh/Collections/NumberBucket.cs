namespace Ambient.Mesh.Collections;

/// <summary>As <see cref="Bucket{T}"/>, of numbers that are not negative. The default holds none.</summary>
internal readonly struct NumberBucket
{
    /// <summary>One more than the only number; 0 where there are none or many.</summary>
    private readonly int _only;
    private readonly int[]? _many;

    private NumberBucket(int[] numbers)
    {
        _only = numbers.Length == 1 ? numbers[0] + 1 : 0;
        _many = numbers.Length > 1 ? numbers : null;
    }

    public int Count => _many?.Length ?? Math.Min(_only, 1);

    public int this[int index] => _many is null ? _only - 1 : _many[index];

    public NumberBucket With(int number)
    {
        int[] present = ToArray();
        return present.Contains(number) ? this : new NumberBucket([.. present, number]);
    }

    public NumberBucket Without(int number) => new(Array.FindAll(ToArray(), other => other != number));

    private int[] ToArray() => _many ?? (_only == 0 ? [] : [_only - 1]);
}
