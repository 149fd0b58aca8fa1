using Ambient.Ztunnel.Memory;

namespace Ambient.UnitTests.Ztunnel.Memory;

public sealed class TrimRuleTests
{
    private const long Burst = 4 * TrimRule.WorthBytes;
    private readonly TrimRule _rule = new();

    [Fact]
    public void Waits_until_a_burst_has_come_to_rest()
    {
        Assert.False(_rule.IsDue(Burst / 2, At(3)));
        Assert.False(_rule.IsDue(Burst, At(4)));
        Assert.True(_rule.IsDue(Burst + TrimRule.RestBytes, At(5)));
    }

    [Fact]
    public void Leaves_a_process_alone_that_has_little_to_give_back()
    {
        for (int second = 1; second < 100; second++)
        {
            Assert.False(_rule.IsDue(TrimRule.WorthBytes - 1, At(second)));
        }
    }

    [Fact]
    public void Does_not_trim_again_for_the_same_burst()
    {
        Trim(At(1), TimeSpan.Zero);

        Assert.False(_rule.IsDue(Burst, At(1_000)));
    }

    [Fact]
    public void Spends_at_most_a_hundredth_of_the_time_in_pauses()
    {
        Trim(At(1), TimeSpan.FromMilliseconds(300));

        Assert.False(_rule.IsDue(2 * Burst, At(2)));
        Assert.False(_rule.IsDue(2 * Burst, At(30)));
        Assert.True(_rule.IsDue(2 * Burst, At(31)));
    }

    [Fact]
    public void Leaves_a_large_heap_alone_until_much_of_it_may_be_garbage()
    {
        const long Live = 400L * 1024 * 1024;
        Trim(At(1), TimeSpan.Zero, Live);

        Assert.False(IsDueAfter(Burst + (Live / 4), At(1_000)));
        Assert.True(IsDueAfter(Burst + (Live / 2), At(2_000)));
    }

    private bool IsDueAfter(long allocated, TimeSpan now)
    {
        _rule.IsDue(allocated, now);
        return _rule.IsDue(allocated, now);
    }

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);

    private void Trim(TimeSpan now, TimeSpan took, long liveBytes = 0)
    {
        _rule.IsDue(Burst, now);
        Assert.True(_rule.IsDue(Burst, now));
        _rule.Trimmed(Burst, liveBytes, now, took);
    }
}
