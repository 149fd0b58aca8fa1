namespace Ambient.Bench.Blocks;

/// <summary>The rejection rules, fixed before the run and the same for every system.</summary>
internal sealed record BlockRules(double StealLimit = 0.03, double DirectDriftLimit = 0.10, double ForeignLimit = 0.10)
{
    /// <summary>The reason to reject the block, or null to keep it.</summary>
    public string? Judge(BlockConditions block)
    {
        if (block.Errors > 0)
        {
            return $"errors: {block.Errors} ({block.FirstError})";
        }

        if (block.StealShare > StealLimit)
        {
            return $"steal: {block.StealShare:P1} of the CPU time was taken away, limit {StealLimit:P0}";
        }

        if (block.ForeignShare > ForeignLimit)
        {
            return $"foreign load: other processes used {block.ForeignShare:P1} of the CPU time, limit {ForeignLimit:P0}";
        }

        double drift = Math.Abs(block.DirectLast - block.DirectFirst) / Math.Max(block.DirectFirst, block.DirectLast);
        return drift > DirectDriftLimit ? $"drift: the direct path changed by {drift:P1} within the block, limit {DirectDriftLimit:P0}" : null;
    }
}
