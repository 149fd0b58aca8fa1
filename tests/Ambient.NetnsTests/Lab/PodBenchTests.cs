using System.Diagnostics;
using System.Text.Json;
using Ambient.Lab;
using Ambient.Lab.Specs;
using Ambient.Lab.State;
using Ambient.Testing;
using Ambient.Testing.Lab;
using Ambient.Testing.Namespaces;
using Xunit.Abstractions;

namespace Ambient.NetnsTests.Lab;

/// <summary><c>ambientctl bench</c> in a lab with its mesh: both halves are measured, and the pod is in the mesh again afterwards.</summary>
[Collection(TimedCollection.Name)]
public sealed class PodBenchTests(ITestOutputHelper output)
{
    private const int Interrupted = 130;
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "ambientctl");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [RootFact]
    public async Task Measures_both_halves_and_puts_redirection_back()
    {
        await using var folder = new LabFolder();
        RunningLab lab = await BuildAsync(folder);
        string rules = await RulesAsync(lab);
        string json = Path.Combine(lab.Directory.Path, "figures.json");

        CommandResult result = await FinishAsync(Start(folder, lab, "--seconds", "1", "--blocks", "1", "--connections", "4", "--json", json));
        output.WriteLine($"{result.Output}\n{result.Error}");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using JsonDocument figures = JsonDocument.Parse(await File.ReadAllTextAsync(json));
        Assert.All(["enrolled", "not-enrolled"], half =>
        {
            Assert.InRange(Figure(figures, "http", half, "requests_per_s"), 1, 1e7);
            Assert.InRange(Figure(figures, "http", half, "p50_us"), 1, Figure(figures, "http", half, "p99_us"));
            Assert.InRange(Figure(figures, "connect", half, "connections_per_s"), 1, 1e6);
        });
        Assert.True(Figure(figures, "http", "enrolled", "cpu_s_per_1000") > 0);
        Assert.Matches(@"requests/s +[\d.,]+ +[\d.,]+ +[\d.]+ \[", result.Output);
        Assert.Equal(rules, await RulesAsync(lab));
        Assert.Empty(new LabStore(lab.Directory).Load()!.PausedPods);
    }

    [RootFact]
    public async Task An_interrupt_puts_redirection_back()
    {
        await using var folder = new LabFolder();
        RunningLab lab = await BuildAsync(folder);
        string rules = await RulesAsync(lab);
        using Process bench = Start(folder, lab, "--seconds", "20", "--blocks", "1", "--connections", "1");
        await WaitUntilOpenAsync(lab, bench);

        await Command.RunAsync("kill", "-INT", $"{bench.Id}");
        CommandResult result = await FinishAsync(bench);

        Assert.Equal(Interrupted, result.ExitCode);
        Assert.Equal(rules, await RulesAsync(lab));
        Assert.Empty(new LabStore(lab.Directory).Load()!.PausedPods);
    }

    [RootFact]
    public async Task What_a_killed_run_left_open_is_shown_and_the_next_run_closes_it()
    {
        await using var folder = new LabFolder();
        RunningLab lab = await BuildAsync(folder);
        string rules = await RulesAsync(lab);
        using Process bench = Start(folder, lab, "--seconds", "20", "--blocks", "1", "--connections", "1");
        await WaitUntilOpenAsync(lab, bench);
        bench.Kill();
        await bench.WaitForExitAsync();

        Assert.Contains(await LabStatus.DescribeAsync(lab.Directory, CancellationToken.None) ?? [], line => line.Contains("paused by bench", StringComparison.Ordinal));
        CommandResult next = await FinishAsync(Start(folder, lab, "--seconds", "1", "--blocks", "1", "--connections", "1"));

        Assert.Contains($"put back the redirection that an interrupted run had taken away: {DefaultLab.Curl}", next.Output, StringComparison.Ordinal);
        Assert.Equal(rules, await RulesAsync(lab));
    }

    [RootFact]
    public async Task Says_what_to_do_when_nothing_answers_and_leaves_the_pod_in_the_mesh()
    {
        await using var folder = new LabFolder();
        RunningLab lab = await BuildAsync(folder);
        string rules = await RulesAsync(lab);

        CommandResult result = await FinishAsync(Start(folder, lab, $"{DefaultLab.Web}:9", "--seconds", "1"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"Nothing answers HTTP at {DefaultLab.Web}:9", result.Error, StringComparison.Ordinal);
        Assert.Contains("lab exec --name", result.Error, StringComparison.Ordinal);
        Assert.Equal(rules, await RulesAsync(lab));
    }

    private static Task<RunningLab> BuildAsync(LabFolder folder) =>
        new LabBuilder(folder.Options with { WithMesh = true }).BuildAsync(DefaultLab.Build(folder.NewName()), CancellationToken.None);

    private static double Figure(JsonDocument figures, string workload, string half, string figure) =>
        figures.RootElement.GetProperty(workload).GetProperty(half).GetProperty(figure).GetDouble();

    private static async Task<string> RulesAsync(RunningLab lab)
    {
        string rules = await ListRulesAsync(lab);
        Assert.Contains("redirect to :15001", rules, StringComparison.Ordinal);
        return rules;
    }

    private static Task<string> ListRulesAsync(RunningLab lab) => Command.RunAsync(
        "nsenter", $"--net={lab.Plan.Pod(DefaultLab.Curl).NamespacePath}", "nft", "--stateless", "list", "ruleset");

    private static async Task WaitUntilOpenAsync(RunningLab lab, Process bench)
    {
        using var limit = new CancellationTokenSource(Limit);
        while ((await ListRulesAsync(lab)).Length > 0)
        {
            Assert.False(bench.HasExited, "the bench ended before it had taken redirection away");
            await Task.Delay(10, limit.Token);
        }
    }

    private static Process Start(LabFolder folder, RunningLab lab, params string[] more)
    {
        string target = more[0].StartsWith('-') ? $"{DefaultLab.Web}:{DefaultLab.WebPort}" : more[0];
        IEnumerable<string> options = more[0].StartsWith('-') ? more : more[1..];
        var start = new ProcessStartInfo(Program, ["bench", "--name", lab.Plan.Spec.Name, "--from", DefaultLab.Curl, "--to", target, .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[LabDirectory.Variable] = folder.Root;
        return Process.Start(start)!;
    }

    private static async Task<CommandResult> FinishAsync(Process process)
    {
        using (process)
        {
            using var limit = new CancellationTokenSource(Limit);
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new CommandResult(process.ExitCode, await output, await error);
        }
    }
}
