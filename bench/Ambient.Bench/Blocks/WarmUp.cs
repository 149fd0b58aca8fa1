using Ambient.Bench.Systems;
using Ambient.Bench.Workloads;

namespace Ambient.Bench.Blocks;

/// <summary>The same warm-up for every pair, compiled ahead of time or not: rounds of each kind of load until two successive rounds agree.</summary>
internal sealed class WarmUp(WarmUpRule rule, Action<string> tell)
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    public async Task<WarmUpRecord> RunAsync(ISystemPair pair, IReadOnlyList<IWorkload> kinds)
    {
        List<IReadOnlyList<double>> rounds = [];
        while (rounds.Count < rule.MostRounds && !rule.IsSettled(rounds))
        {
            List<double> round = [];
            foreach (IWorkload kind in kinds)
            {
                VisitResult result = await kind.VisitAsync(pair, Slice);
                if (result.Errors > 0)
                {
                    throw new InvalidOperationException($"Warm-up of {pair.Name} failed: {result.Message}");
                }

                round.Add(result.Work);
            }

            rounds.Add(round);
        }

        WarmUpRecord record = new(pair.Name, rounds.Count, rule.IsSettled(rounds));
        tell($"warm-up of {record.System}: {record.Rounds} rounds, {(record.IsSettled ? "settled" : "not settled")}");
        return record;
    }
}
