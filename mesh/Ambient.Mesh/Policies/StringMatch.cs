namespace Ambient.Mesh.Policies;

/// <summary>One string condition; comparison is ordinal (node-proxy 4.4).</summary>
public readonly record struct StringMatch(StringMatchKind Kind, string Value)
{
    public static StringMatch Presence { get; } = new(StringMatchKind.Presence, string.Empty);

    public static StringMatch Exact(string value) => new(StringMatchKind.Exact, value);

    public static StringMatch Prefix(string value) => new(StringMatchKind.Prefix, value);

    public static StringMatch Suffix(string value) => new(StringMatchKind.Suffix, value);

    public bool Matches(string input) => Kind switch
    {
        StringMatchKind.Exact => string.Equals(input, Value, StringComparison.Ordinal),
        StringMatchKind.Prefix => input.StartsWith(Value, StringComparison.Ordinal),
        StringMatchKind.Suffix => input.EndsWith(Value, StringComparison.Ordinal),
        StringMatchKind.Presence => input.Length > 0,
        _ => false,
    };
}
