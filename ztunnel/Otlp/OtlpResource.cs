namespace Ambient.Ztunnel.Otlp;

/// <summary>Who exports: the <c>Resource</c> and <c>InstrumentationScope</c> of the OTLP protocol, the same in every request.</summary>
internal sealed class OtlpResource(IReadOnlyList<KeyValuePair<string, string?>> attributes, string version)
{
    private const string ScopeName = "ambient.ztunnel";
    private const int ResourceField = 1;
    private const int ScopeField = 1;
    private const int ScopedField = 2;

    /// <summary>Everything before the spans or metrics themselves; <see cref="Close"/> ends what this opens.</summary>
    public (int Outer, int Scoped) Open(ProtobufWriter writer)
    {
        int outer = writer.Begin(1);
        int resource = writer.Begin(ResourceField);
        OtlpAttributes written = new(writer, 1);
        foreach ((string name, string? value) in attributes)
        {
            written.OptionalText(name, value);
        }

        writer.End(resource);
        int scoped = writer.Begin(ScopedField);
        int scope = writer.Begin(ScopeField);
        writer.Text(1, ScopeName);
        writer.Text(2, version);
        writer.End(scope);
        return (outer, scoped);
    }

    public static void Close(ProtobufWriter writer, (int Outer, int Scoped) opened)
    {
        writer.End(opened.Scoped);
        writer.End(opened.Outer);
    }
}
