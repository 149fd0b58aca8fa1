using System.Text;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.InProcessTests.Ztunnel;

/// <summary>An output that takes no line: traffic goes on, and what is lost is counted (our answer to node-proxy 9.4).</summary>
public sealed class StuckLogTests
{
    [Fact]
    public async Task Traffic_goes_on_while_nobody_reads_the_log_and_the_loss_is_told_afterwards()
    {
        await using TestCluster cluster = new();
        cluster.StartPlainApplication();
        TestNode client = await cluster.StartClientAsync();
        client.Log.Hold();

        // One queue full at most goes to the output before it holds; the rest fills the queue behind it.
        for (int line = 0; line < 3 * LogWriter.MaxWaitingLines; line++)
        {
            client.Writer.Write(Encoding.ASCII.GetBytes($"fill {line}\n"), isAccess: true);
        }

        double before = await client.MetricAsync("ambient_log_lines_dropped_total");
        Assert.True(before >= LogWriter.MaxWaitingLines);
        for (int round = 0; round < 20; round++)
        {
            Assert.Equal(Requests.Hello + Requests.Hello, await Requests.ExchangeAsync(cluster.Forward(3), Requests.Hello));
        }

        await UntilAsync(async () => await client.MetricAsync("ambient_log_lines_dropped_total") >= before + 20);
        client.Log.Release();

        string told = await client.Log.WaitForAsync("log lines lost", "\twarn\t");
        Assert.Matches("lines=[0-9]{5,} hint=", told);
        await Requests.ExchangeAsync(cluster.Forward(3), Requests.Hello);
        await client.Log.WaitForAsync("connection complete");
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
