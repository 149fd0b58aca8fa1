namespace Ambient.ControlPlane.Telemetry;

/// <summary>Values as they are when somebody asks.</summary>
public sealed class GaugeFamily(string name, string help, Func<IEnumerable<(string Labels, double Value)>> read) : IMetricFamily
{
    public GaugeFamily(string name, string help, Func<double> read)
        : this(name, help, () => [(string.Empty, read())])
    {
    }

    public void Write(PrometheusText text)
    {
        text.Family(name, "gauge", help);
        foreach ((string labels, double value) in read())
        {
            text.Sample(name, labels, value);
        }
    }
}
