namespace Ambient.Ztunnel.Telemetry;

/// <summary><c>istio_build</c>: always 1, the version is in its labels.</summary>
internal sealed class BuildMetric(string? version) : IMetricSource
{
    private readonly string _labels = Format(version);

    public void WriteTo(MetricsWriter writer) => writer.Sample(MetricCatalogue.Build, _labels, 1);

    private static string Format(string? version)
    {
        var labels = new LabelText();
        labels.Add("component", "ztunnel");
        labels.Add("tag", version);
        return labels.ToString();
    }
}
