namespace Ambient.Ztunnel.Telemetry;

/// <summary>
/// A message template that ends in placeholders, such as <c>listener established {component} {address}</c>: the words are
/// the message, the placeholders become fields. A template with placeholders inside the sentence is printed as a sentence.
/// </summary>
internal sealed record LogTemplate(string Message)
{
    public const string Key = "{OriginalFormat}";

    /// <summary>Null when the state has no template, or one with placeholders inside the sentence.</summary>
    public static LogTemplate? Of(IReadOnlyList<KeyValuePair<string, object?>> values) =>
        values.Count > 0 && values[^1] is { Key: Key, Value: string template } ? Parse(template) : null;

    internal static LogTemplate? Parse(string template)
    {
        ReadOnlySpan<char> rest = template.AsSpan();
        while (rest.EndsWith("}") && rest.LastIndexOf('{') is >= 0 and int start)
        {
            rest = rest[..start].TrimEnd(' ');
        }

        return rest.Contains('{') ? null : new LogTemplate(rest.ToString());
    }
}
