using System.Globalization;

namespace Ambient.ControlPlane.Telemetry;

/// <summary>How values are spread.</summary>
/// <param name="name">The family's name.</param>
/// <param name="help">One sentence.</param>
/// <param name="bounds">Upper bounds of the buckets, rising; the last bucket has none.</param>
public sealed class HistogramFamily(string name, string help, double[] bounds) : IMetricFamily
{
    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    public void Observe(TimeSpan duration) => Observe(duration.TotalSeconds);

    public void Observe(double value)
    {
        int bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
        {
            bucket++;
        }

        lock (_lock)
        {
            _counts[bucket]++;
            _sum += value;
        }
    }

    public void Write(PrometheusText text)
    {
        text.Family(name, "histogram", help);
        lock (_lock)
        {
            long below = 0;
            for (int bucket = 0; bucket < _counts.Length; bucket++)
            {
                below += _counts[bucket];
                string bound = bucket < bounds.Length ? bounds[bucket].ToString(CultureInfo.InvariantCulture) : "+Inf";
                text.Sample(name + "_bucket", PrometheusText.Labels(("le", bound)), below);
            }

            text.Sample(name + "_sum", "", _sum);
            text.Sample(name + "_count", "", below);
        }
    }
}
