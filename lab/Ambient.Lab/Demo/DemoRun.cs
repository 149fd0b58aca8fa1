using Ambient.Lab.Demo.Facts;
using Ambient.Lab.Demo.Stages;
using Ambient.Lab.Programs;

namespace Ambient.Lab.Demo;

/// <summary>Opens the stage, checks the ten facts, and prints a line for each thing seen.</summary>
public sealed class DemoRun(DemoOptions options, TextWriter output, TextWriter error)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    /// <returns>Exit code: 0 only if every line that could be shown passed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Timeout);
        long begin = TimeProvider.System.GetTimestamp();
        var lines = new List<FactLine>();
        await using (IDemoStage stage = await OpenAsync(deadline.Token))
        {
            await output.WriteLineAsync();
            foreach (IDemoFact fact in Facts())
            {
                lines.AddRange(await CheckAsync(fact, stage, deadline.Token));
            }

            await SummariseAsync(lines, TimeProvider.System.GetElapsedTime(begin), stage);
        }

        return lines.All(line => line.Passed != false) ? 0 : 1;
    }

    private IEnumerable<IDemoFact> Facts() =>
        [new ReachFact(), new NameFact(), new WireFact(), new AccountFact(), new PolicyFact(options.PromptSeconds), new EnrolmentFact(), new FailClosedFact(options.PromptSeconds), new CapacityFact(), new UpgradeFact(), new ScaleFact(), new AppliedPolicyFact(options.PromptSeconds)];

    private async Task<IDemoStage> OpenAsync(CancellationToken cancellationToken)
    {
        string? missing = options.Loopback ? "asked for local ports" : Privileges.FindMissing();
        if (missing is not null)
        {
            await output.WriteLineAsync($"{missing}: no namespaces and no redirection, the same story on local ports");
            return await LoopbackStage.OpenAsync(options, cancellationToken);
        }

        RequiredPrograms.Check([.. RequiredPrograms.OfEveryLab, "curl", "nginx", "tcpdump", "kubectl"]);
        return await LabStage.OpenAsync(options, new LabOptions { Ztunnel = options.Ztunnel, Report = output.WriteLine }, cancellationToken);
    }

    private async Task<IReadOnlyList<FactLine>> CheckAsync(IDemoFact fact, IDemoStage stage, CancellationToken cancellationToken)
    {
        var lines = new List<FactLine>();
        try
        {
            await foreach (FactLine line in fact.CheckAsync(stage, cancellationToken))
            {
                lines.Add(line);
                await output.WriteLineAsync(line.ToString());
            }
        }
        catch (Exception failure) when (failure is LabException or IOException)
        {
            var line = FactLine.Of(false, fact.Title, failure.Message);
            lines.Add(line);
            await output.WriteLineAsync(line.ToString());
        }

        return lines;
    }

    private async Task SummariseAsync(List<FactLine> lines, TimeSpan elapsed, IDemoStage stage)
    {
        int failed = lines.Count(line => line.Passed == false);
        int notShown = lines.Count(line => line.Passed is null);
        string rest = notShown == 0 ? "" : $", {notShown} not shown here";
        await output.WriteLineAsync($"\n{lines.Count(line => line.Passed == true)} passed, {failed} failed{rest}, in {elapsed.TotalSeconds:0.0} s");
        if (failed > 0)
        {
            await error.WriteLineAsync($"Logs: {stage.ClientZtunnel.LogPath} and {stage.ServerZtunnel.LogPath}{(options.Keep ? "" : " (run again with --keep to look at them)")}");
        }

        if (options.Keep)
        {
            await output.WriteLineAsync($"\nTry:  {string.Join("\n      ", stage.NextSteps)}");
        }
    }
}
