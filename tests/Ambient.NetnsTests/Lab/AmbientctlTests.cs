using System.Diagnostics;
using Ambient.Lab.Plans;
using Ambient.Lab.Specs;
using Ambient.Lab.State;
using Ambient.Testing;
using Ambient.Testing.Lab;
using Ambient.Testing.Namespaces;

namespace Ambient.NetnsTests.Lab;

/// <summary>The program itself: its commands, and that a kill at any moment leaves nothing that 'down' does not find.</summary>
public sealed class AmbientctlTests
{
    private const int NoSuchLab = 3;
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "ambientctl");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Moments => ["claimed", "namespaces", "wired", "programs", "up"];

    [RootTheory]
    [MemberData(nameof(Moments))]
    public async Task A_kill_of_up_leaves_nothing_that_down_does_not_find(string moment)
    {
        await using var folder = new LabFolder();
        string name = folder.NewName();
        using Process up = Start(folder, "lab", "up", "--plain", "--name", name);
        await WaitForAsync(() => HasReached(moment, folder, name) || up.HasExited);
        up.Kill();
        await up.WaitForExitAsync();

        CommandResult down = await RunAsync(folder, "lab", "down", "--name", name);

        Assert.Equal(0, down.ExitCode);
        Assert.Empty(LabLeftovers.Find(folder.Root, name));
    }

    [RootFact]
    public async Task Exec_passes_input_output_and_exit_code()
    {
        await using var folder = new LabFolder();
        string name = folder.NewName();
        Assert.Equal(0, (await RunAsync(folder, "lab", "up", "--plain", "--name", name)).ExitCode);

        using Process exec = Start(folder, "lab", "exec", "--name", name, "curl", "--", "sh", "-c", "tr a-z A-Z; ip -o -4 addr show eth0 >&2; exit 42");
        await exec.StandardInput.WriteAsync("through");
        exec.StandardInput.Close();
        Task<string> error = exec.StandardError.ReadToEndAsync();
        string output = await exec.StandardOutput.ReadToEndAsync();
        await exec.WaitForExitAsync();

        Assert.Equal("THROUGH", output);
        Assert.Contains("/24", await error, StringComparison.Ordinal);
        Assert.Equal(42, exec.ExitCode);
    }

    [RootTheory]
    [InlineData("INT", "TERM", 143)]
    [InlineData("QUIT", "TERM", 143)]
    public async Task Exec_outlives_what_a_terminal_sends_and_passes_a_request_to_end(string fromTerminal, string toEnd, int exitCode)
    {
        await using var folder = new LabFolder();
        string name = folder.NewName();
        Assert.Equal(0, (await RunAsync(folder, "lab", "up", "--plain", "--name", name)).ExitCode);
        using Process exec = Start(folder, "lab", "exec", "--name", name, "curl", "--", "sh", "-c", "echo ready; read line; echo $line; exec sleep 600");
        Assert.Equal("ready", await exec.StandardOutput.ReadLineAsync());

        await Command.RunAsync("kill", $"-{fromTerminal}", $"{exec.Id}");
        await exec.StandardInput.WriteAsync("still here\n");
        Assert.Equal("still here", await exec.StandardOutput.ReadLineAsync());
        await Command.RunAsync("kill", $"-{toEnd}", $"{exec.Id}");
        using var limit = new CancellationTokenSource(Limit);
        await exec.WaitForExitAsync(limit.Token);

        Assert.Equal(exitCode, exec.ExitCode);
    }

    [RootFact]
    public async Task Exec_names_the_pods_when_there_is_none_of_that_name()
    {
        await using var folder = new LabFolder();
        string name = folder.NewName();
        Assert.Equal(0, (await RunAsync(folder, "lab", "up", "--plain", "--name", name)).ExitCode);

        CommandResult result = await RunAsync(folder, "lab", "exec", "--name", name, "nobody", "--", "true");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("curl, legacy, web, echo, legacy-web", result.Error, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task A_missing_ztunnel_is_said_before_anything_is_made()
    {
        await using var folder = new LabFolder();
        string name = folder.NewName();

        CommandResult result = await RunAsync(folder, "lab", "up", "--ztunnel", "/no/such/ztunnel", "--name", name);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("/no/such/ztunnel", result.Error, StringComparison.Ordinal);
        Assert.Empty(LabLeftovers.Find(folder.Root, name));
    }

    [Fact]
    public async Task Status_and_down_say_when_there_is_no_such_lab()
    {
        await using var folder = new LabFolder();

        CommandResult status = await RunAsync(folder, "lab", "status", "--name", "no-such-lab");
        CommandResult down = await RunAsync(folder, "lab", "down", "--name", "no-such-lab");

        Assert.Equal(NoSuchLab, status.ExitCode);
        Assert.Equal((0, "there is no lab no-such-lab\n"), (down.ExitCode, down.Output));
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("UPPER")]
    [InlineData("a.b")]
    [InlineData("")]
    public async Task A_name_that_could_lead_elsewhere_is_refused(string name)
    {
        await using var folder = new LabFolder();

        CommandResult result = await RunAsync(folder, "lab", "down", "--name", name);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("lower-case letters", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_scenario_is_refused_with_the_names_of_those_there_are()
    {
        await using var folder = new LabFolder();

        CommandResult result = await RunAsync(folder, "lab", "up", "--scenario", "moon", "--name", folder.NewName());

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("default, waypoint, two-networks", result.Error, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task A_plain_lab_cannot_be_upgraded_and_nothing_can_be_revoked_in_it()
    {
        await using var folder = new LabFolder();
        string name = folder.NewName();
        Assert.Equal(0, (await RunAsync(folder, "lab", "up", "--plain", "--name", name)).ExitCode);

        CommandResult upgrade = await RunAsync(folder, "lab", "upgrade", "--name", name);
        CommandResult revoke = await RunAsync(folder, "lab", "revoke", "--name", name, "web");

        Assert.All([upgrade, revoke], result => Assert.Equal((1, true), (result.ExitCode, result.Error.Contains("has no ztunnels", StringComparison.Ordinal))));
    }

    private static bool HasReached(string moment, LabFolder folder, string name) => moment switch
    {
        "claimed" => File.Exists(new LabDirectory(folder.Root, name).StateFile),
        "namespaces" => NamespaceFiles.Find(LabPlan.PrefixOf(name)).Count > 0,
        "wired" => Directory.Exists(new LabDirectory(folder.Root, name).PodDirectory(DefaultLab.Web)),
        "programs" => new LabStore(new LabDirectory(folder.Root, name)).Load()?.Processes.Count > 0,
        _ => new LabStore(new LabDirectory(folder.Root, name)).Load()?.Phase == LabPhase.Up,
    };

    private static async Task WaitForAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
        {
            await Task.Delay(1, limit.Token);
        }
    }

    private static async Task<CommandResult> RunAsync(LabFolder folder, params string[] arguments)
    {
        using Process process = Start(folder, arguments);
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit);
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return new CommandResult(process.ExitCode, await output, await error);
    }

    private static Process Start(LabFolder folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[LabDirectory.Variable] = folder.Root;
        return Process.Start(start)!;
    }
}
