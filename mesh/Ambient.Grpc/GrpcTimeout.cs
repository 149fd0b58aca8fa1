using System.Globalization;

namespace Ambient.Grpc;

/// <summary>The text of <c>grpc-timeout</c>: at most eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const double MaxValue = 99_999_999;

    public static string Format(TimeSpan deadline)
    {
        double milliseconds = Math.Max(1, Math.Ceiling(deadline.TotalMilliseconds));
        return milliseconds <= MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds}m")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Min(MaxValue, Math.Ceiling(deadline.TotalSeconds))}S");
    }

    /// <summary>Reads the text of a caller; null when there is none, or none that can be read, which leaves the call without a deadline.</summary>
    public static TimeSpan? Parse(string? text)
    {
        if (text is not { Length: >= 2 and <= 9 }
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
        {
            return null;
        }

        return text[^1] switch
        {
            'H' => TimeSpan.FromHours(value),
            'M' => TimeSpan.FromMinutes(value),
            'S' => TimeSpan.FromSeconds(value),
            'm' => TimeSpan.FromMilliseconds(value),
            'u' => TimeSpan.FromMicroseconds(value),
            'n' => TimeSpan.FromMicroseconds(value / 1_000),
            _ => null,
        };
    }
}
