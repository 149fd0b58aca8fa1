using Ambient.Hbone.Http2.FlowControl;
using Ambient.Testing.Http2;

namespace Ambient.UnitTests.Http2.FlowControl;

public class WorkBudgetTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Pays_its_burst_and_no_more_while_time_stands_still()
    {
        WorkBudget budget = new(10, 5, _clock);
        Assert.Equal(10, SpendAll(budget));
        Assert.False(budget.TrySpend(1, 0));
    }

    [Fact]
    public void Is_refilled_by_time_up_to_the_burst()
    {
        WorkBudget budget = new(10, 5, _clock);
        SpendAll(budget);
        _clock.Advance(TimeSpan.FromHours(100));
        Assert.Equal(10, SpendAll(budget));
    }

    [Fact]
    public void Fractions_of_the_rate_add_up()
    {
        WorkBudget budget = new(100, 10, _clock);
        for (int i = 0; i < 3_000; i++)
        {
            Assert.True(budget.TrySpend(1, 0));
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    [Fact]
    public void Is_refilled_by_work()
    {
        WorkBudget budget = new(10, 5, _clock);
        for (int i = 0; i < 1_000; i++)
        {
            Assert.True(budget.TrySpend(2, earned: 2 * (i + 1)));
        }

        Assert.False(budget.TrySpend(2_000, 2_000));
    }

    private static int SpendAll(WorkBudget budget)
    {
        int spent = 0;
        while (spent < 1_000 && budget.TrySpend(1, 0))
        {
            spent++;
        }

        return spent;
    }
}
