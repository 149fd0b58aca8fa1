namespace Ambient.ControlPlane.Telemetry;

/// <summary>One name on the metrics page, with all its series.</summary>
public interface IMetricFamily
{
    void Write(PrometheusText text);
}
