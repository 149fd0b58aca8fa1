namespace Ambient.Lab.Benchmarking.Statistics;

/// <summary>Order statistics of a small set of measurements.</summary>
public static class Sample
{
    public static double Median(IEnumerable<double> values) => Quantile([.. values.Order()], 0.5);

    /// <summary>The quantile of values in ascending order, interpolated between neighbours; NaN when there are none.</summary>
    public static double Quantile(IReadOnlyList<double> ascending, double share)
    {
        if (ascending.Count == 0)
        {
            return double.NaN;
        }

        double position = share * (ascending.Count - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, ascending.Count - 1);
        return ascending[below] + ((position - below) * (ascending[above] - ascending[below]));
    }
}
