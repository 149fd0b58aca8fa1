namespace Ambient.Ztunnel.Telemetry;

/// <summary>One family of node-proxy 9.2.</summary>
/// <param name="Name">Without the <c>_total</c> that a counter's samples carry.</param>
/// <param name="IsStable">Families that are not carry the word "unstable" in their help text, which operators match on.</param>
/// <param name="Labels">In printed order; empty for a family with one sample, or whose labels are a type of their own.</param>
internal sealed record MetricDefinition(string Name, MetricKind Kind, string Meaning, bool IsStable, params string[] Labels)
{
    public string Help => IsStable ? Meaning : Meaning + " (unstable)";
}
