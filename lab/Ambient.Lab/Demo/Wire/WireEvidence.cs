using System.Text;

namespace Ambient.Lab.Demo.Wire;

/// <summary>What was recorded: chunks of bytes, and the kind of traffic each belongs to.</summary>
internal sealed class WireEvidence(IReadOnlyList<WireChunk> chunks)
{
    /// <summary>The only traffic that enrolled pods may cause between nodes.</summary>
    public const string Hbone = "tcp/15008";

    /// <summary>Such as "tcp/15008", with the lower of the two ports that is below the ephemeral range.</summary>
    public IReadOnlyList<string> Kinds { get; } = [.. chunks.Select(chunk => chunk.Kind).Where(kind => kind != WireChunk.Neighbours).Distinct().Order(StringComparer.Ordinal)];

    public int Count => chunks.Count(chunk => chunk.Kind != WireChunk.Neighbours);

    public bool IsHboneOnly => Kinds is [Hbone];

    public bool Contains(string text)
    {
        byte[] wanted = Encoding.ASCII.GetBytes(text);
        return chunks.Any(chunk => chunk.Bytes.Span.IndexOf(wanted) >= 0);
    }

    public override string ToString() => $"{Count} packets, {(Kinds.Count == 0 ? "no traffic" : string.Join(" and ", Kinds))}";
}
