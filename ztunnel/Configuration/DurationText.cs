using System.Globalization;
using System.Text;

namespace Ambient.Ztunnel.Configuration;

/// <summary>
/// Durations as node-proxy 9.8 writes them: whole numbers with the units d, h, m, s, ms, us, largest first and each at most
/// once (<c>1h30m</c>). A number without a unit is refused: it is as often meant in milliseconds as in seconds.
/// </summary>
internal static class DurationText
{
    private static readonly (string Name, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay),
        ("h", TimeSpan.TicksPerHour),
        ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("us", TimeSpan.TicksPerMicrosecond),
    ];

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        long total = 0;
        int firstUnit = 0;
        if (text.IsEmpty)
        {
            return false;
        }

        while (!text.IsEmpty)
        {
            int digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                return false;
            }

            text = text[digits..];
            int end = text.IndexOfAnyInRange('0', '9');
            int unit = IndexOfUnit(end < 0 ? text : text[..end], firstUnit);
            if (unit < 0 || number > (long.MaxValue - total) / Units[unit].Ticks)
            {
                return false;
            }

            total += number * Units[unit].Ticks;
            text = end < 0 ? default : text[end..];
            firstUnit = unit + 1;
        }

        duration = TimeSpan.FromTicks(total);
        return true;
    }

    /// <summary>The shortest text that <see cref="TryParse"/> reads back; parts below a microsecond are dropped.</summary>
    public static string Format(TimeSpan duration)
    {
        long rest = duration.Ticks;
        var text = new StringBuilder();
        foreach ((string name, long ticks) in Units)
        {
            if (rest >= ticks)
            {
                text.Append(CultureInfo.InvariantCulture, $"{rest / ticks}{name}");
                rest %= ticks;
            }
        }

        return text.Length == 0 ? "0s" : text.ToString();
    }

    private static int IndexOfUnit(ReadOnlySpan<char> name, int first)
    {
        for (int index = first; index < Units.Length; index++)
        {
            if (name.SequenceEqual(Units[index].Name))
            {
                return index;
            }
        }

        return -1;
    }
}
