using Ambient.Lab.Benchmarking.Statistics;

namespace Ambient.Bench.Blocks;

/// <summary>Figures of systems and ratios between systems over the blocks that count.</summary>
internal static class BlockRatios
{
    /// <summary>system divided by reference, one value for each accepted block that has both.</summary>
    public static IReadOnlyList<double> Of(IEnumerable<BlockRecord> blocks, string system, string reference, string figure)
    {
        List<double> ratios = [];
        foreach (BlockRecord block in blocks.Where(block => block.IsAccepted))
        {
            if (block.Figure(system, figure) is double numerator && block.Figure(reference, figure) is double denominator && denominator != 0)
            {
                ratios.Add(numerator / denominator);
            }
        }

        return ratios;
    }

    public static RatioEstimate Estimate(IEnumerable<BlockRecord> blocks, string system, string reference, string figure) =>
        RatioEstimate.Of(Of(blocks, system, reference, figure));

    /// <summary>Every figure of a system as the median over the accepted blocks.</summary>
    public static IReadOnlyDictionary<string, double> Medians(IEnumerable<BlockRecord> blocks, string system)
    {
        BlockRecord[] accepted = [.. blocks.Where(block => block.IsAccepted)];
        IEnumerable<string> figures = accepted.SelectMany(block => block.Visits).Where(visit => visit.System == system)
            .SelectMany(visit => visit.Figures.Keys).Distinct();
        return figures.ToDictionary(
            figure => figure,
            figure => Sample.Median(accepted.Select(block => block.Figure(system, figure)).OfType<double>()));
    }
}
