using System.Text;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.UnitTests.Ztunnel.Telemetry;

public sealed class LogWriterTests
{
    [Fact]
    public void Writes_every_line_in_order_before_it_ends()
    {
        using var output = new MemoryStream();
        using (var writer = new LogWriter(output))
        {
            for (int number = 0; number < 30_000; number++)
            {
                writer.Write(Encoding.ASCII.GetBytes($"{number}\n"));
            }
        }

        Assert.Equal(
            Enumerable.Range(0, 30_000).Select(number => number.ToString()),
            Encoding.ASCII.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Keeps_lines_of_many_threads_whole()
    {
        using var output = new MemoryStream();
        using (var writer = new LogWriter(output))
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
            {
                for (int number = 0; number < 5_000; number++)
                {
                    writer.Write(Encoding.ASCII.GetBytes($"{thread}:{number};\n"));
                }
            })));
        }

        string[] lines = Encoding.ASCII.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(20_000, lines.Distinct().Count());
        Assert.All(lines, line => Assert.EndsWith(";", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Makes_producers_wait_at_ten_thousand_lines_and_loses_none()
    {
        using var output = new GatedStream();
        using var writer = new LogWriter(output);
        writer.Write("first\n"u8);
        await output.Entered;
        for (int number = 0; number < LogWriter.MaxWaitingLines; number++)
        {
            writer.Write("x\n"u8);
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var late = new Thread(() =>
        {
            writer.Write("late\n"u8);
            done.SetResult();
        });
        late.Start();
        await WaitUntilAsync(() => MetricsTests.Scrape(writer).Contains("ambient_log_writer_waits_total 1", StringComparison.Ordinal));
        Assert.False(done.Task.IsCompleted);

        output.Open();
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20));
        late.Join();
        writer.Dispose();
        Assert.Equal(LogWriter.MaxWaitingLines + 2, output.Text.Count(character => character == '\n'));
    }

    [Fact]
    public async Task Bounds_the_waiting_bytes_too()
    {
        using var output = new GatedStream();
        using var writer = new LogWriter(output);
        writer.Write("first\n"u8);
        await output.Entered;
        byte[] megabyte = new byte[1 << 20];
        var producer = new Thread(() =>
        {
            for (int number = 0; number < 17; number++)
            {
                writer.Write(megabyte);
            }
        });
        producer.Start();
        await WaitUntilAsync(() => MetricsTests.Scrape(writer).Contains("ambient_log_writer_waits_total 1", StringComparison.Ordinal));

        output.Open();
        producer.Join();
    }

    [Fact]
    public async Task Goes_on_without_a_log_when_nobody_reads_it()
    {
        using var output = new GatedStream();
        using var writer = new LogWriter(output);
        writer.Write("first\n"u8);
        await output.Entered;
        output.Break();
        for (int number = 0; number < 3 * LogWriter.MaxWaitingLines; number++)
        {
            writer.Write("x\n"u8);
        }

        writer.Dispose();
        Assert.Equal("", output.Text);
    }

    [Fact]
    public void Drops_lines_after_its_end()
    {
        using var output = new MemoryStream();
        var writer = new LogWriter(output);
        writer.Dispose();
        writer.Write("late\n"u8);

        Assert.Equal(0, output.Length);
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Blocks the first write until opened, or fails it.</summary>
    private sealed class GatedStream : MemoryStream
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _open = new();
        private volatile bool _isBroken;

        public Task Entered => _entered.Task;

        public string Text => Encoding.ASCII.GetString(ToArray());

        public void Open() => _open.Set();

        public void Break()
        {
            _isBroken = true;
            _open.Set();
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            _entered.TrySetResult();
            _open.Wait();
            if (_isBroken)
            {
                throw new IOException("broken pipe");
            }

            base.Write(buffer, offset, count);
        }

        protected override void Dispose(bool disposing)
        {
            _open.Set();
            base.Dispose(disposing);
        }
    }
}
