using Ambient.Testing.Transport;
using Ambient.Transport.Loops;

namespace Ambient.InProcessTests.Transport;

public sealed class EventLoopTests
{
    [Fact]
    public async Task Runs_posts_of_each_thread_in_order()
    {
        await using var rig = new LoopRig();
        const int Threads = 4;
        const int PostsPerThread = 20_000;
        var seen = new List<(int Thread, int Number)>();
        IEnumerable<Task> posters = Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (int number = 0; number < PostsPerThread; number++)
            {
                rig.Loop.Post(state => seen.Add(((int, int))state!), (thread, number));
            }
        }));
        await Task.WhenAll(posters);
        await rig.RunAsync(static _ => Task.CompletedTask);

        Assert.Equal(Threads * PostsPerThread, seen.Count);
        foreach (IGrouping<int, (int Thread, int Number)> ofThread in seen.GroupBy(static item => item.Thread))
        {
            Assert.Equal(Enumerable.Range(0, PostsPerThread), ofThread.Select(static item => item.Number));
        }
    }

    [Fact]
    public async Task Code_that_awaits_an_ordinary_task_comes_back_to_its_loop()
    {
        await using var rig = new LoopRig(2);
        foreach (EventLoop loop in rig.Group.Loops)
        {
            await LoopRig.RunAsync(loop, async current =>
            {
                await Task.Run(static () => Assert.Null(EventLoop.Current));
                Assert.Same(current, EventLoop.Current);
                await Task.Delay(1);
                Assert.True(current.IsCurrent);
            });
        }

        Assert.Null(EventLoop.Current);
    }

    [Fact]
    public async Task An_exception_in_a_callback_is_reported_and_the_loop_goes_on()
    {
        await using var rig = new LoopRig();
        rig.Loop.Post(static _ => throw new InvalidOperationException("post"), null);
        await rig.RunAsync(static loop =>
        {
            loop.StartTimer(TimeSpan.Zero, static _ => throw new InvalidOperationException("timer"), null);
            loop.RunAtTurnEnd(new TurnEndWork(static () => throw new InvalidOperationException("turn end")));
            return Task.CompletedTask;
        });
        await rig.RunAsync(static async loop => await loop.DelayAsync(TimeSpan.FromMilliseconds(5)));

        Assert.Equal(3, rig.Loop.UnhandledExceptions);
        Assert.Equal(["post", "timer", "turn end"], rig.TakeErrors().Select(static error => error.Message).Order());
    }

    [Fact]
    public async Task A_reporter_that_fails_itself_does_not_kill_the_loop()
    {
        await using var rig = new LoopRig();
        rig.Loop.UnhandledException += static _ => throw new InvalidOperationException("reporter");
        rig.Loop.Post(static _ => throw new InvalidOperationException("post"), null);
        await rig.RunAsync(static _ => Task.CompletedTask);

        Assert.Equal(2, rig.Loop.UnhandledExceptions);
        Assert.Single(rig.TakeErrors());
    }

    [Fact]
    public async Task A_timer_is_never_early()
    {
        await using var rig = new LoopRig();
        await rig.RunAsync(static async loop =>
        {
            foreach (int milliseconds in (int[])[0, 1, 7, 20])
            {
                long before = TimeProvider.System.GetTimestamp();
                await loop.DelayAsync(TimeSpan.FromMilliseconds(milliseconds));
                Assert.True(TimeProvider.System.GetElapsedTime(before).TotalMilliseconds >= milliseconds);
            }
        });
    }

    [Fact]
    public async Task A_cancelled_timer_does_not_fire()
    {
        await using var rig = new LoopRig();
        bool hasFired = false;
        await rig.RunAsync(async loop =>
        {
            LoopTimer timer = loop.StartTimer(TimeSpan.FromMilliseconds(1), _ => hasFired = true, null);
            timer.Cancel();
            await loop.DelayAsync(TimeSpan.FromMilliseconds(10));
        });

        Assert.False(hasFired);
    }

    [Fact]
    public async Task A_yield_lets_everything_that_was_ready_go_first()
    {
        await using var rig = new LoopRig();
        var order = new List<string>();
        async Task BusyAsync(EventLoop loop, string name)
        {
            for (int round = 0; round < 3; round++)
            {
                order.Add($"{name}{round}");
                await loop.YieldAsync();
            }
        }

        await rig.RunAsync(async loop =>
        {
            Task first = BusyAsync(loop, "a");
            Task second = BusyAsync(loop, "b");
            await first;
            await second;
        });

        Assert.Equal(["a0", "b0", "a1", "b1", "a2", "b2"], order);
    }

    [Fact]
    public async Task Turn_end_work_runs_after_posts_and_yields_of_the_turn()
    {
        await using var rig = new LoopRig();
        var order = new List<string>();
        await rig.RunAsync(async loop =>
        {
            var flushed = new LoopSignal();
            loop.RunAtTurnEnd(new TurnEndWork(() =>
            {
                order.Add("flush");
                flushed.Set();
            }));
            order.Add("post");
            await loop.YieldAsync();
            order.Add("yield");
            await flushed.WaitAsync();
        });

        Assert.Equal(["post", "yield", "flush"], order);
    }

    [Fact]
    public async Task Turn_end_work_that_asks_for_more_gets_the_next_turn()
    {
        await using var rig = new LoopRig();
        int runs = 0;
        await rig.RunAsync(async loop =>
        {
            var finished = new LoopSignal();
            TurnEndWork? work = null;
            work = new TurnEndWork(() =>
            {
                if (++runs == 5)
                {
                    finished.Set();
                }
                else
                {
                    loop.RunAtTurnEnd(work!);
                }
            });
            loop.RunAtTurnEnd(work);
            await finished.WaitAsync();
        });

        Assert.Equal(5, runs);
    }

    [Fact]
    public async Task A_long_chain_of_signals_does_not_grow_the_stack()
    {
        await using var rig = new LoopRig();
        const int Length = 200_000;
        int passed = 0;
        async Task LinkAsync(LoopSignal wait, LoopSignal set)
        {
            await wait.WaitAsync();
            passed++;
            set.Set();
        }

        await rig.RunAsync(async loop =>
        {
            Assert.True(loop.IsCurrent);
            var first = new LoopSignal();
            LoopSignal last = first;
            for (int i = 0; i < Length; i++)
            {
                var next = new LoopSignal();
                _ = LinkAsync(last, next);
                last = next;
            }

            first.Set();
            await last.WaitAsync();
        });

        Assert.Equal(Length, passed);
    }

    [Fact]
    public async Task An_idle_loop_takes_no_turns_until_a_timer_is_near()
    {
        await using var rig = new LoopRig();
        long turns = 0;
        await rig.RunAsync(async loop =>
        {
            LoopTimer far = loop.StartTimer(TimeSpan.FromMinutes(5), static _ => { }, null);
            long before = loop.Turns;
            await loop.DelayAsync(TimeSpan.FromMilliseconds(150));
            turns = loop.Turns - before;
            far.Cancel();
        });

        // The wheel wakes at most once a level on the way to a timer.
        Assert.InRange(turns, 1, 8);
    }

    [Fact]
    public async Task Stops_with_work_still_coming_in()
    {
        var group = new EventLoopGroup(2);
        EventLoop loop = group.Loops[0];
        using var stop = new CancellationTokenSource();
        Task flood = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                loop.Post(static _ => { }, null);
            }
        });

        await group.DisposeAsync().AsTask().WaitAsync(LoopRig.Limit);
        await stop.CancelAsync();
        await flood;
        loop.Post(static _ => Assert.Fail("The loop has stopped."), null);
    }

    private sealed class TurnEndWork(Action action) : ITurnEndWork
    {
        public void OnTurnEnd() => action();
    }
}
