namespace Ambient.Lab.Benchmarking.Statistics;

/// <summary>The median of in-block ratios with its bootstrap 95 % interval and sign test.</summary>
/// <param name="Median">NaN when no block had both systems.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="SignTestP">Chance of so uneven a split of the blocks if neither system were better.</param>
/// <param name="Blocks">How many blocks it rests on.</param>
public sealed record RatioEstimate(double Median, double Low, double High, double SignTestP, int Blocks)
{
    private const int Seed = 20_130_406;

    /// <summary>True when the interval lies wholly on one side of 1.</summary>
    public bool ExcludesOne => Low > 1 || High < 1;

    public static RatioEstimate Of(IReadOnlyList<double> ratios)
    {
        (double low, double high) = Bootstrap.MedianInterval(ratios, Seed);
        return new RatioEstimate(Sample.Median(ratios), low, high, SignTest.PValue(ratios), ratios.Count);
    }
}
