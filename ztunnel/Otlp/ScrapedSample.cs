namespace Ambient.Ztunnel.Otlp;

/// <summary>One line of a scrape.</summary>
/// <param name="Suffix">What follows the family's name, such as <c>_total</c> or <c>_bucket</c>; may be empty.</param>
/// <param name="Labels">In printed order.</param>
internal readonly record struct ScrapedSample(string Suffix, IReadOnlyList<KeyValuePair<string, string>> Labels, double Value);
