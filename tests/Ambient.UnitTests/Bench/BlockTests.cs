using Ambient.Bench.Blocks;
using Ambient.Bench.Systems;

namespace Ambient.UnitTests.Bench;

public sealed class BlockTests
{
    [Fact]
    public void A_block_visits_every_system_once_with_the_direct_path_at_both_ends()
    {
        IReadOnlyList<string> order = BlockOrder.Draw(SystemName.All, SystemName.Direct, new Random(3));

        Assert.Equal(SystemName.All.Count + 1, order.Count);
        Assert.Equal(SystemName.Direct, order[0]);
        Assert.Equal(SystemName.Direct, order[^1]);
        Assert.Equal(SystemName.All.Order(), order.Distinct().Order());
    }

    [Fact]
    public void The_order_of_blocks_differs_and_follows_the_seed()
    {
        Random random = new(5);
        string[] orders = [.. Enumerable.Range(0, 20).Select(_ => string.Join(' ', BlockOrder.Draw(SystemName.All, SystemName.Direct, random)))];
        Random again = new(5);

        Assert.True(orders.Distinct().Count() > 10);
        Assert.Equal(orders, Enumerable.Range(0, 20).Select(_ => string.Join(' ', BlockOrder.Draw(SystemName.All, SystemName.Direct, again))));
    }

    [Fact]
    public void Without_the_direct_path_nothing_stands_at_the_ends() =>
        Assert.Equal(2, BlockOrder.Draw([SystemName.Ours, SystemName.HaproxyTls], SystemName.Direct, new Random(1)).Count);

    [Fact]
    public void A_ratio_is_taken_within_its_block_and_rejected_blocks_do_not_count()
    {
        BlockRecord[] blocks =
        [
            BlockBuilder.Block((SystemName.Ours, 10), (SystemName.HaproxyTls, 5)),
            BlockBuilder.Block((SystemName.Ours, 3), (SystemName.HaproxyTls, 1)),
            BlockBuilder.Block((SystemName.Ours, 1000), (SystemName.HaproxyTls, 1)) with { RejectedBecause = "steal" },
        ];

        Assert.Equal([2.0, 3.0], BlockRatios.Of(blocks, SystemName.Ours, SystemName.HaproxyTls, FigureName.GigabitsPerSecond));
    }

    [Fact]
    public void A_block_without_one_of_the_two_systems_gives_no_ratio() =>
        Assert.Empty(BlockRatios.Of([BlockBuilder.Block((SystemName.Ours, 10))], SystemName.Ours, SystemName.HaproxyTls, FigureName.GigabitsPerSecond));

    [Fact]
    public void The_direct_path_counts_with_the_mean_of_its_two_visits()
    {
        BlockRecord block = BlockBuilder.Block((SystemName.Direct, 40), (SystemName.Ours, 10), (SystemName.Direct, 60));

        Assert.Equal(50, block.Figure(SystemName.Direct, FigureName.GigabitsPerSecond));
    }

    [Fact]
    public void Medians_are_over_the_accepted_blocks()
    {
        BlockRecord[] blocks =
        [
            BlockBuilder.Block((SystemName.Ours, 1)), BlockBuilder.Block((SystemName.Ours, 2)), BlockBuilder.Block((SystemName.Ours, 9)),
            BlockBuilder.Block((SystemName.Ours, 500)) with { RejectedBecause = "errors" },
        ];

        Assert.Equal(2, BlockRatios.Medians(blocks, SystemName.Ours)[FigureName.GigabitsPerSecond]);
    }

    [Fact]
    public void A_quiet_block_is_kept() => Assert.Null(new BlockRules().Judge(BlockBuilder.Quiet));

    [Theory]
    [InlineData(0.031, "steal")]
    [InlineData(0.029, null)]
    public void Steal_above_three_percent_rejects_a_block(double share, string? reason) =>
        AssertReason(reason, BlockBuilder.Quiet with { StealShare = share });

    [Theory]
    [InlineData(0.11, "foreign load")]
    [InlineData(0.09, null)]
    public void Foreign_load_above_a_tenth_rejects_a_block(double share, string? reason) =>
        AssertReason(reason, BlockBuilder.Quiet with { ForeignShare = share });

    [Theory]
    [InlineData(100, 89, "drift")]
    [InlineData(89, 100, "drift")]
    [InlineData(100, 91, null)]
    public void A_direct_path_that_changes_by_more_than_a_tenth_rejects_a_block(double first, double last, string? reason) =>
        AssertReason(reason, BlockBuilder.Quiet with { DirectFirst = first, DirectLast = last });

    [Fact]
    public void Without_a_direct_path_drift_is_not_judged() =>
        Assert.Null(new BlockRules().Judge(BlockBuilder.Quiet with { DirectFirst = double.NaN, DirectLast = double.NaN }));

    [Fact]
    public void Any_error_rejects_a_block_and_is_named() =>
        AssertReason("errors: 2 (ours: reset)", BlockBuilder.Quiet with { Errors = 2, FirstError = "ours: reset" });

    [Fact]
    public void Warm_means_that_two_successive_rounds_of_every_load_agree()
    {
        WarmUpRule rule = new(LeastRounds: 3, MostRounds: 10, Tolerance: 0.02);

        Assert.False(rule.IsSettled([[100, 50], [100, 50]]));
        Assert.False(rule.IsSettled([[10, 50], [80, 50], [100, 50]]));
        Assert.False(rule.IsSettled([[10, 50], [100, 40], [100, 50]]));
        Assert.True(rule.IsSettled([[10, 40], [99, 50], [100, 50]]));
    }

    private static void AssertReason(string? expected, BlockConditions conditions)
    {
        string? reason = new BlockRules().Judge(conditions);
        if (expected is null)
        {
            Assert.Null(reason);
        }
        else
        {
            Assert.StartsWith(expected, reason, StringComparison.Ordinal);
        }
    }
}
