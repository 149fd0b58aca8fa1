namespace Ambient.Cli.Text;

/// <summary>"Did you mean": the known name that is nearest to one that is not known.</summary>
internal static class Suggestion
{
    private const int MaxNamed = 8;
    private const int MaxCompared = 5_000;
    private const int MaxLength = 256;

    /// <summary>A sentence that names the nearest, or a few of those there are; never empty.</summary>
    /// <param name="wanted">What was asked for.</param>
    /// <param name="known">What there is.</param>
    /// <param name="what">What they are, in the plural.</param>
    public static string For(string wanted, IEnumerable<string> known, string what)
    {
        string[] names = [.. known.Where(name => name.Length is > 0 and <= MaxLength).Distinct().Order(StringComparer.Ordinal).Take(MaxCompared)];
        if (names.Length == 0)
        {
            return $"There are no {what}.";
        }

        string nearest = names.MinBy(name => Distance(wanted, name))!;
        if (Distance(wanted, nearest) <= Math.Max(1, wanted.Length / 3))
        {
            return $"Did you mean {Printable.Of(nearest)}?";
        }

        string more = names.Length > MaxNamed ? $" and {names.Length - MaxNamed} more" : "";
        return $"There are {what} {string.Join(", ", names.Take(MaxNamed).Select(Printable.Of))}{more}.";
    }

    /// <summary>How many letters must be put in, left out, replaced or exchanged with their neighbour.</summary>
    private static int Distance(string one, string other)
    {
        if (one.Length > MaxLength)
        {
            return int.MaxValue;
        }

        int[] beforeLast = new int[other.Length + 1];
        int[] last = [.. Enumerable.Range(0, other.Length + 1)];
        for (int row = 1; row <= one.Length; row++)
        {
            int[] current = new int[other.Length + 1];
            current[0] = row;
            for (int column = 1; column <= other.Length; column++)
            {
                bool same = char.ToLowerInvariant(one[row - 1]) == char.ToLowerInvariant(other[column - 1]);
                current[column] = Math.Min(Math.Min(current[column - 1], last[column]) + 1, last[column - 1] + (same ? 0 : 1));
                if (row > 1 && column > 1 && one[row - 1] == other[column - 2] && one[row - 2] == other[column - 1])
                {
                    current[column] = Math.Min(current[column], beforeLast[column - 2] + 1);
                }
            }

            (beforeLast, last) = (last, current);
        }

        return last[other.Length];
    }
}
