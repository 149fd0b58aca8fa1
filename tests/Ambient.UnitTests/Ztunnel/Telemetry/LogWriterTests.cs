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
            for (int number = 0; number < LogWriter.MaxWaitingLines; number++)
            {
                writer.Write(Encoding.ASCII.GetBytes($"{number}\n"));
            }
        }

        Assert.Equal(
            Enumerable.Range(0, LogWriter.MaxWaitingLines).Select(number => number.ToString()),
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
                for (int number = 0; number < 2_500; number++)
                {
                    writer.Write(Encoding.ASCII.GetBytes($"{thread}:{number};\n"));
                }
            })));
        }

        string[] lines = Encoding.ASCII.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(10_000, lines.Distinct().Count());
        Assert.All(lines, line => Assert.EndsWith(";", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Loses_and_counts_what_exceeds_ten_thousand_access_lines_and_says_so_behind_them()
    {
        using var output = new GatedStream();
        using var writer = new LogWriter(output) { DescribeLoss = lines => Encoding.ASCII.GetBytes($"lost {lines}\n") };
        writer.Write("first\n"u8);
        await output.Entered;
        for (int number = 0; number < LogWriter.MaxWaitingLines + 7; number++)
        {
            writer.Write("x\n"u8, isAccess: true);
        }

        Assert.Contains("ambient_log_lines_dropped_total 7\n", MetricsTests.Scrape(writer), StringComparison.Ordinal);
        output.Open();
        writer.Dispose();

        string[] lines = output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(LogWriter.MaxWaitingLines, lines.Count(line => line == "x"));
        Assert.Equal("lost 7", lines[^1]);
        Assert.Single(lines, line => line.StartsWith("lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keeps_room_for_other_lines_behind_a_flood_of_access_lines()
    {
        using var output = new GatedStream();
        using var writer = new LogWriter(output);
        writer.Write("first\n"u8);
        await output.Entered;
        for (int number = 0; number < 2 * LogWriter.MaxWaitingLines; number++)
        {
            writer.Write("x\n"u8, isAccess: true);
        }

        for (int number = 0; number < LogWriter.ReservedLines + 1; number++)
        {
            writer.Write("own\n"u8);
        }

        Assert.Contains($"dropped_total {LogWriter.MaxWaitingLines + 1}\n", MetricsTests.Scrape(writer), StringComparison.Ordinal);
        output.Open();
        writer.Dispose();
        Assert.Equal(LogWriter.ReservedLines, output.Text.Split('\n').Count(line => line == "own"));
    }

    [Fact]
    public async Task Bounds_the_waiting_bytes_too()
    {
        using var output = new GatedStream();
        using var writer = new LogWriter(output);
        writer.Write("first\n"u8);
        await output.Entered;
        byte[] megabyte = new byte[1 << 20];
        for (int number = 0; number < 20; number++)
        {
            writer.Write(megabyte, isAccess: true);
        }

        Assert.Contains("ambient_log_lines_dropped_total 4\n", MetricsTests.Scrape(writer), StringComparison.Ordinal);
        output.Open();
    }

    [Fact]
    public async Task Ends_although_the_output_takes_nothing()
    {
        using var output = new GatedStream();
        var writer = new LogWriter(output);
        writer.Write("first\n"u8);
        await output.Entered;

        await Task.Run(writer.Dispose).WaitAsync(TimeSpan.FromSeconds(20));
        writer.Write("late\n"u8);
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
            Break();
            base.Dispose(disposing);
        }
    }
}
