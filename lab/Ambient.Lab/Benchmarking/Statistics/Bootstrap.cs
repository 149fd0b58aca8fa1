namespace Ambient.Lab.Benchmarking.Statistics;

/// <summary>Percentile bootstrap of the median: how far it would move had other blocks of the same kind been drawn.</summary>
public static class Bootstrap
{
    private const int Resamples = 4000;

    /// <summary>The 95 % interval. The seed is fixed by the caller, so that a report can be recomputed from its blocks to the last digit.</summary>
    public static (double Low, double High) MedianInterval(IReadOnlyList<double> values, int seed)
    {
        if (values.Count == 0)
        {
            return (double.NaN, double.NaN);
        }

        Random random = new(seed);
        double[] medians = new double[Resamples];
        double[] drawn = new double[values.Count];
        for (int resample = 0; resample < Resamples; resample++)
        {
            for (int index = 0; index < drawn.Length; index++)
            {
                drawn[index] = values[random.Next(values.Count)];
            }

            Array.Sort(drawn);
            medians[resample] = Sample.Quantile(drawn, 0.5);
        }

        Array.Sort(medians);
        return (Sample.Quantile(medians, 0.025), Sample.Quantile(medians, 0.975));
    }
}
