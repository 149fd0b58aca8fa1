namespace Ambient.Bench.Blocks;

/// <summary>When a system counts as warm: two successive rounds of every kind of load differ by less than the tolerance.</summary>
internal sealed record WarmUpRule(int LeastRounds, int MostRounds, double Tolerance)
{
    /// <summary>True when the rounds so far (each a set of throughputs, one per kind of load) are enough and have settled.</summary>
    public bool IsSettled(IReadOnlyList<IReadOnlyList<double>> rounds)
    {
        if (rounds.Count < Math.Max(2, LeastRounds))
        {
            return false;
        }

        IReadOnlyList<double> last = rounds[^1];
        IReadOnlyList<double> previous = rounds[^2];
        return last.Zip(previous).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance * Math.Max(pair.First, pair.Second));
    }
}
