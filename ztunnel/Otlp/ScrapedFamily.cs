namespace Ambient.Ztunnel.Otlp;

/// <summary>One metric family of a scrape.</summary>
/// <param name="Name">Without the suffix of its samples.</param>
/// <param name="Kind"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
internal sealed record ScrapedFamily(string Name, string Kind, string Help)
{
    public List<ScrapedSample> Samples { get; } = [];
}
