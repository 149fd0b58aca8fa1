using System.Buffers;
using Ambient.Tls;

namespace Ambient.UnitTests.Tls;

public sealed class HandshakeThreadsTests(HandshakeFixture fixture) : IClassFixture<HandshakeFixture>
{
    [Fact]
    public async Task Runs_handshakes_side_by_side_to_completion()
    {
        using var threads = new HandshakeThreads(threads: 2);
        Task[] handshakes = [.. Enumerable.Range(0, 20).Select(_ => RunOneAsync(threads))];
        await Task.WhenAll(handshakes);
        Assert.Equal(0, threads.Queued);
    }

    [Fact]
    public async Task Never_runs_more_at_once_than_it_has_threads()
    {
        using var threads = new HandshakeThreads(threads: 2);
        int running = 0;
        int most = 0;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => threads.RunAsync(() =>
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            Interlocked.Decrement(ref running);
            return now;
        }).AsTask()));
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task Fails_a_handshake_when_too_much_is_queued()
    {
        using var threads = new HandshakeThreads(threads: 1, maxQueued: 1);
        using var gate = new ManualResetEventSlim();
        using var started = new ManualResetEventSlim();
        ValueTask<int> running = threads.RunAsync(() =>
        {
            started.Set();
            gate.Wait();
            return 1;
        });
        started.Wait();
        ValueTask<int> queued = threads.RunAsync(() => 2);

        using TlsHandshake handshake = TlsHandshake.ForClient(fixture.Client, HandshakeFixture.AcceptAll);
        Assert.Equal(TlsHandshakeStatus.Failed, await threads.AdvanceAsync(handshake, default, new ArrayBufferWriter<byte>()));
        Assert.Equal(TlsFailureReason.Overloaded, handshake.Failure!.Reason);
        await Assert.ThrowsAsync<InvalidOperationException>(() => threads.RunAsync(() => 3).AsTask());

        gate.Set();
        Assert.Equal(1, await running);
        Assert.Equal(2, await queued);
    }

    [Fact]
    public async Task Disposal_cancels_what_is_queued_and_refuses_what_comes()
    {
        var threads = new HandshakeThreads(threads: 1);
        using var gate = new ManualResetEventSlim();
        using var started = new ManualResetEventSlim();
        ValueTask<int> running = threads.RunAsync(() =>
        {
            started.Set();
            gate.Wait();
            return 1;
        });
        started.Wait();
        using TlsHandshake handshake = TlsHandshake.ForClient(fixture.Client, HandshakeFixture.AcceptAll);
        ValueTask<TlsHandshakeStatus> queued = threads.AdvanceAsync(handshake, default, new ArrayBufferWriter<byte>());

        Task disposal = Task.Factory.StartNew(threads.Dispose, TaskCreationOptions.LongRunning);
        Assert.Equal(TlsHandshakeStatus.Failed, await queued);
        Assert.Equal(TlsFailureReason.Abandoned, handshake.Failure!.Reason);
        gate.Set();
        await disposal;
        Assert.Equal(1, await running);
        await Assert.ThrowsAsync<InvalidOperationException>(() => threads.RunAsync(() => 3).AsTask());
    }

    [Fact]
    public async Task Returns_to_the_callers_synchronization_context()
    {
        using var threads = new HandshakeThreads(threads: 1);
        using var gate = new ManualResetEventSlim();
        var context = new RecordingContext();
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        Task<SynchronizationContext?> task;
        try
        {
            task = AwaitOnContextAsync(threads, gate);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        // The work ends only after it is awaited: otherwise the await would not have to come back from anywhere.
        gate.Set();
        Assert.Same(context, await task);

        static async Task<SynchronizationContext?> AwaitOnContextAsync(HandshakeThreads threads, ManualResetEventSlim gate)
        {
            await threads.RunAsync(() =>
            {
                gate.Wait();
                return 7;
            });
            return SynchronizationContext.Current;
        }
    }

    [Fact]
    public async Task An_exception_reaches_the_caller_and_the_thread_lives_on()
    {
        using var threads = new HandshakeThreads(threads: 1);
        await Assert.ThrowsAsync<FormatException>(() => threads.RunAsync<int>(() => throw new FormatException()).AsTask());
        Assert.Equal(5, await threads.RunAsync(() => 5));
    }

    [Fact]
    public async Task A_handshake_may_be_disposed_while_it_waits_or_runs()
    {
        using var threads = new HandshakeThreads(threads: 1);
        for (int i = 0; i < 200; i++)
        {
            TlsHandshake handshake = TlsHandshake.ForClient(fixture.Client, HandshakeFixture.AcceptAll);
            ValueTask<TlsHandshakeStatus> status = threads.AdvanceAsync(handshake, default, new ArrayBufferWriter<byte>());
            handshake.Dispose();
            Assert.Contains(await status, (TlsHandshakeStatus[])[TlsHandshakeStatus.NeedMore, TlsHandshakeStatus.Failed]);
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen)
        {
            int found = Interlocked.CompareExchange(ref target, value, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    private async Task RunOneAsync(HandshakeThreads threads)
    {
        using TlsHandshake client = TlsHandshake.ForClient(fixture.Client, HandshakeFixture.AcceptAll);
        using TlsHandshake server = TlsHandshake.ForServer(fixture.Server, HandshakeFixture.AcceptAll);
        byte[] flight = [];
        TlsHandshakeStatus status = TlsHandshakeStatus.NeedMore;
        for (int i = 0; i < 4; i++)
        {
            var output = new ArrayBufferWriter<byte>();
            status = await threads.AdvanceAsync(i % 2 == 0 ? client : server, flight, output);
            flight = output.WrittenSpan.ToArray();
        }

        Assert.Equal(TlsHandshakeStatus.Completed, status);
        client.TakeSession().Dispose();
        server.TakeSession().Dispose();
    }

    /// <summary>Runs callbacks as a loop thread would: with itself installed.</summary>
    private sealed class RecordingContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback callback, object? state) =>
            base.Post(
                inner =>
                {
                    SetSynchronizationContext(this);
                    callback(inner);
                },
                state);
    }
}
