using System.Globalization;

namespace Ambient.Ztunnel.Configuration;

/// <summary>A Kubernetes CPU quantity: <c>2</c>, <c>1.5</c> or <c>1500m</c>.</summary>
internal readonly record struct CpuQuantity(long Millicores)
{
    private const long MaxCores = 1_000_000;
    private const int MillisPerCore = 1000;

    /// <summary>Whole CPUs, rounded up.</summary>
    public int Cores => (int)((Millicores + MillisPerCore - 1) / MillisPerCore);

    public static bool TryParse(ReadOnlySpan<char> text, out CpuQuantity quantity)
    {
        quantity = default;
        bool inMillis = text.EndsWith("m");
        ReadOnlySpan<char> number = inMillis ? text[..^1] : text;
        if (number.IsEmpty || !char.IsAsciiDigit(number[0]) || !char.IsAsciiDigit(number[^1]))
        {
            return false;
        }

        NumberStyles style = inMillis ? NumberStyles.None : NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(number, style, CultureInfo.InvariantCulture, out decimal value))
        {
            return false;
        }

        if (value > (inMillis ? MaxCores * MillisPerCore : MaxCores))
        {
            return false;
        }

        quantity = new CpuQuantity((long)decimal.Ceiling(inMillis ? value : value * MillisPerCore));
        return true;
    }

    public override string ToString() =>
        Millicores % MillisPerCore == 0 ? (Millicores / MillisPerCore).ToString() : $"{Millicores}m";
}
