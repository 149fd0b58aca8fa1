namespace Ambient.Bench.Blocks;

/// <summary>The order of visits in a block.</summary>
internal static class BlockOrder
{
    /// <summary>Every system once, shuffled, with the direct path moved to both ends when it takes part.</summary>
    public static IReadOnlyList<string> Draw(IReadOnlyList<string> systems, string direct, Random random)
    {
        string[] middle = [.. systems.Where(system => system != direct)];
        random.Shuffle(middle);
        return systems.Contains(direct) ? [direct, .. middle, direct] : middle;
    }
}
