using Ambient.Bench.Blocks;
using Ambient.Testing.Http2;

namespace Ambient.UnitTests.Bench;

public sealed class RunBudgetTests
{
    private readonly ManualClock _time = new();

    [Fact]
    public void A_rejected_block_is_run_again_while_the_planned_ones_still_fit()
    {
        RunBudget budget = new(TimeSpan.FromSeconds(100), _time);
        budget.Plan(5);

        RunBlock(budget, seconds: 10, wasPlanned: true);

        Assert.Equal(4, budget.BlocksToCome);
        Assert.True(budget.HasRoomForAnother);
    }

    [Fact]
    public void No_block_is_run_again_when_the_planned_ones_need_the_time()
    {
        RunBudget budget = new(TimeSpan.FromSeconds(60), _time);
        budget.Plan(6);

        RunBlock(budget, seconds: 10, wasPlanned: true);

        Assert.False(budget.HasRoomForAnother);
    }

    [Fact]
    public void A_block_that_is_run_again_is_not_taken_from_the_plan()
    {
        RunBudget budget = new(TimeSpan.FromSeconds(60), _time);
        budget.Plan(2);
        RunBlock(budget, seconds: 10, wasPlanned: true);

        RunBlock(budget, seconds: 10, wasPlanned: false);

        Assert.Equal(1, budget.BlocksToCome);
        Assert.True(budget.HasRoomForAnother);
    }

    private void RunBlock(RunBudget budget, int seconds, bool wasPlanned)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        budget.Count(TimeSpan.FromSeconds(seconds), wasPlanned);
    }
}
