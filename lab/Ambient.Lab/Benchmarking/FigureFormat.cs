using System.Globalization;
using Ambient.Lab.Benchmarking.Statistics;

namespace Ambient.Lab.Benchmarking;

/// <summary>How numbers are printed: three significant digits, thousands grouped.</summary>
public static class FigureFormat
{
    public const string Absent = "-";

    public static string Value(double value) => value switch
    {
        _ when !double.IsFinite(value) => Absent,
        0 => "0",
        _ when Math.Abs(value) >= 1000 => Math.Round(value).ToString("N0", CultureInfo.InvariantCulture),
        _ when Math.Abs(value) >= 100 => value.ToString("F0", CultureInfo.InvariantCulture),
        _ when Math.Abs(value) >= 10 => value.ToString("F1", CultureInfo.InvariantCulture),
        _ when Math.Abs(value) >= 0.1 => value.ToString("F2", CultureInfo.InvariantCulture),
        _ when Math.Abs(value) >= 0.01 => value.ToString("F3", CultureInfo.InvariantCulture),
        _ => value.ToString("G2", CultureInfo.InvariantCulture),
    };

    public static string Ratio(RatioEstimate estimate) => Ratio(estimate.Median, estimate.Low, estimate.High);

    public static string Ratio(double median, double low, double high) => double.IsFinite(median)
        ? string.Create(CultureInfo.InvariantCulture, $"{median:F2} [{low:F2}, {high:F2}]")
        : Absent;
}
