namespace Ambient.Lab.Benchmarking.Statistics;

/// <summary>The two-sided sign test against 1: needs no shape of the noise, only that blocks do not favour a side.</summary>
public static class SignTest
{
    /// <summary>The chance of a split at least this uneven if neither side were better. Ratios of exactly 1 count for neither.</summary>
    public static double PValue(IReadOnlyList<double> ratios)
    {
        int above = ratios.Count(ratio => ratio > 1);
        int below = ratios.Count(ratio => ratio < 1);
        int decided = above + below;
        if (decided == 0)
        {
            return 1;
        }

        double tail = 0;
        double term = Math.Pow(0.5, decided);
        for (int successes = 0; successes <= Math.Min(above, below); successes++)
        {
            tail += term;
            term *= (double)(decided - successes) / (successes + 1);
        }

        return Math.Min(1, 2 * tail);
    }
}
