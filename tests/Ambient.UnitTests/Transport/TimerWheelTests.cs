using Ambient.Transport.Loops;

namespace Ambient.UnitTests.Transport;

public sealed class TimerWheelTests
{
    private readonly List<Exception> _errors = [];
    private readonly List<string> _fired = [];

    [Fact]
    public void Fires_at_its_due_time_and_not_before()
    {
        TimerWheel wheel = NewWheel();
        Add(wheel, 100, "a");

        wheel.Advance(99);
        Assert.Empty(_fired);
        wheel.Advance(100);
        Assert.Equal(["a"], _fired);
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public void Fires_in_order_of_due_time_whatever_the_order_of_adding()
    {
        TimerWheel wheel = NewWheel();
        foreach (int due in (int[])[5000, 1, 70, 64, 4096, 63, 262_144])
        {
            Add(wheel, due, due.ToString());
        }

        wheel.Advance(300_000);
        Assert.Equal(["1", "63", "64", "70", "4096", "5000", "262144"], _fired);
    }

    [Fact]
    public void Does_not_fire_a_cancelled_timer()
    {
        TimerWheel wheel = NewWheel();
        LoopTimer timer = Add(wheel, 10, "a");
        timer.Cancel();
        timer.Cancel();

        wheel.Advance(1000);
        Assert.Empty(_fired);
        Assert.False(timer.IsPending);
        Assert.Equal(long.MaxValue, wheel.NextWork());
    }

    [Fact]
    public void A_callback_can_cancel_a_timer_due_at_the_same_time()
    {
        TimerWheel wheel = NewWheel();
        var timers = new List<LoopTimer>();
        for (int i = 0; i < 3; i++)
        {
            var timer = new LoopTimer(wheel, _ =>
            {
                _fired.Add("x");
                timers.ForEach(static other => other.Cancel());
            }, null);
            timers.Add(timer);
            wheel.Add(timer, 7);
        }

        wheel.Advance(10);
        Assert.Equal(["x"], _fired);
    }

    [Fact]
    public void A_timer_set_by_a_timer_waits_for_a_later_advance()
    {
        TimerWheel wheel = NewWheel();
        wheel.Add(new LoopTimer(wheel, _ => Add(wheel, 0, "second"), null), 10);

        wheel.Advance(10);
        Assert.Empty(_fired);
        wheel.Advance(11);
        Assert.Equal(["second"], _fired);
    }

    [Fact]
    public void A_failing_callback_is_reported_and_its_neighbours_fire()
    {
        TimerWheel wheel = NewWheel();
        Add(wheel, 5, "a");
        wheel.Add(new LoopTimer(wheel, static _ => throw new InvalidOperationException("bug"), null), 5);
        Add(wheel, 5, "b");

        wheel.Advance(5);
        Assert.Equal(["a", "b"], _fired.Order());
        Assert.Equal("bug", Assert.Single(_errors).Message);
    }

    [Fact]
    public void A_delay_over_the_limit_is_cut_to_it()
    {
        TimerWheel wheel = NewWheel(12345);
        LoopTimer timer = Add(wheel, long.MaxValue, "a");

        Assert.Equal(12345 + TimerWheel.MaxDelay, timer.Due);
        wheel.Advance(timer.Due - 1);
        Assert.Empty(_fired);
        wheel.Advance(timer.Due);
        Assert.Equal(["a"], _fired);
    }

    [Theory]
    [InlineData(1, 0L)]
    [InlineData(2, 987_654_321_012L)]
    [InlineData(3, (1L << 36) - 77)]
    public void Behaves_as_a_sorted_list_over_a_random_history(int seed, long start)
    {
        var random = new Random(seed);
        TimerWheel wheel = NewWheel(start);
        var expected = new SortedDictionary<(long Due, int Id), LoopTimer>();
        var fired = new List<int>();
        long now = start;
        for (int id = 0; id < 20_000; id++)
        {
            int captured = id;
            var timer = new LoopTimer(wheel, _ => fired.Add(captured), null);
            wheel.Add(timer, now + random.NextInt64(1, 1L << random.Next(1, 33)));
            expected.Add((timer.Due, id), timer);
            if (random.Next(3) == 0)
            {
                KeyValuePair<(long Due, int Id), LoopTimer> victim = expected.ElementAt(random.Next(Math.Min(expected.Count, 50)));
                victim.Value.Cancel();
                expected.Remove(victim.Key);
            }

            if (random.Next(4) == 0)
            {
                now += random.NextInt64(0, 1L << random.Next(0, 26));
                Assert.True(expected.Count == 0 || wheel.NextWork() <= expected.First().Key.Due);
                fired.Clear();
                wheel.Advance(now);
                CheckFired(expected, fired, now);
            }
        }

        Assert.Equal(expected.Count, wheel.Count);
    }

    private static void CheckFired(SortedDictionary<(long Due, int Id), LoopTimer> expected, List<int> fired, long now)
    {
        List<(long Due, int Id)> due = expected.Keys.TakeWhile(key => key.Due <= now).ToList();
        var dueOf = due.ToDictionary(static key => key.Id, static key => key.Due);
        Assert.Equal(due.Select(static key => key.Id).Order(), fired.Order());
        Assert.Equal(due.Select(static key => key.Due), fired.Select(id => dueOf[id]));
        due.ForEach(key => expected.Remove(key));
    }

    private TimerWheel NewWheel(long now = 0) => new(_errors.Add, now);

    private LoopTimer Add(TimerWheel wheel, long due, string name)
    {
        var timer = new LoopTimer(wheel, _ => _fired.Add(name), null);
        wheel.Add(timer, due);
        return timer;
    }
}
