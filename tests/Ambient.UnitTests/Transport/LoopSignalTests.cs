using Ambient.Transport.Loops;

namespace Ambient.UnitTests.Transport;

public sealed class LoopSignalTests
{
    [Fact]
    public void Remembers_a_set_with_nobody_waiting_for_one_wait()
    {
        var signal = new LoopSignal();
        signal.Set();
        signal.Set();

        Assert.True(signal.WaitAsync().AsTask().IsCompletedSuccessfully);
        Assert.False(signal.WaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public void Clear_forgets_a_remembered_set()
    {
        var signal = new LoopSignal();
        signal.Set();
        signal.Clear();

        Assert.False(signal.WaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public void Runs_the_waiter_inline_on_the_setting_thread()
    {
        var signal = new LoopSignal();
        int resumedOn = 0;
        async Task WaitAsync()
        {
            await signal.WaitAsync();
            resumedOn = Environment.CurrentManagedThreadId;
        }

        Task waiting = WaitAsync();
        Assert.Equal(0, resumedOn);
        signal.Set();
        Assert.Equal(Environment.CurrentManagedThreadId, resumedOn);
        Assert.True(waiting.IsCompletedSuccessfully);
    }

    [Fact]
    public void Refuses_a_second_waiter()
    {
        var signal = new LoopSignal();
        Task first = signal.WaitAsync().AsTask();

        Assert.Throws<InvalidOperationException>(() => { _ = signal.WaitAsync().AsTask(); });
        signal.Set();
        Assert.True(first.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Refuses_a_wait_that_was_overtaken_by_a_later_one()
    {
        var signal = new LoopSignal();
#pragma warning disable CA2012 // The misuse is what is tested.
        ValueTask first = signal.WaitAsync();
#pragma warning restore CA2012
        signal.Set();
        _ = signal.WaitAsync().AsTask();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await first);
    }

    [Fact]
    public void A_wake_with_nobody_waiting_is_not_remembered()
    {
        var signal = new LoopSignal();
        signal.Wake();

        Assert.False(signal.WaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task Can_be_waited_for_again_from_the_continuation()
    {
        var signal = new LoopSignal();
        int rounds = 0;
        async Task LoopAsync()
        {
            while (rounds < 3)
            {
                await signal.WaitAsync();
                rounds++;
            }
        }

        Task loop = LoopAsync();
        signal.Set();
        signal.Set();
        signal.Set();
        await loop;
        Assert.Equal(3, rounds);
    }
}
