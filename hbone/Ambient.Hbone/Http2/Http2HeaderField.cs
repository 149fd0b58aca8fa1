namespace Ambient.Hbone.Http2;

/// <summary>One field line; the spans live as long as the <see cref="Http2Headers"/> they come from is not changed.</summary>
public readonly ref struct Http2HeaderField
{
    internal Http2HeaderField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name = name;
        Value = value;
    }

    public ReadOnlySpan<byte> Name { get; }

    public ReadOnlySpan<byte> Value { get; }
}
