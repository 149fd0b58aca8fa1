using System.Diagnostics;

namespace Ambient.InProcessTests.Cli;

/// <summary>The completion scripts, loaded by real shells that run the real program.</summary>
public sealed class CompletionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("ambientctl proxy-", "proxy-status")]
    [InlineData("ambientctl workloads --contr", "--control-plane")]
    [InlineData("ambientctl lab st", "status")]
    [InlineData("ambientctl workloads -o js", "json")]
    [InlineData("ambientctl wait authorizationp", "authorizationpolicy/")]
    [InlineData("ambientctl completion z", "zsh")]
    public async Task Bash_completes_what_can_only_be_one_thing(string line, string expected) =>
        Assert.Equal([expected], await CompleteInBashAsync(line));

    [Fact]
    public async Task Bash_offers_every_command_and_no_help_signs()
    {
        string[] offered = await CompleteInBashAsync("ambientctl ");

        Assert.Superset(
            new HashSet<string> { "workloads", "services", "policies", "certificates", "connections", "proxy-status", "wait", "analyze", "completion", "lab" },
            new HashSet<string>(offered));
        Assert.DoesNotContain("probe", offered);
        Assert.DoesNotContain("/?", offered);
    }

    [Fact]
    public async Task Bash_completes_after_text_that_it_splits_at_a_colon()
    {
        Assert.Empty(await CompleteInBashAsync("ambientctl workloads --ztunnel localhost:15"));
        Assert.Equal(["--namespace"], await CompleteInBashAsync("ambientctl workloads --ztunnel localhost:15000 --names"));
    }

    [Fact]
    public async Task Nothing_is_offered_for_what_is_not_known() => Assert.Empty(await CompleteInBashAsync("ambientctl workloads --no-such-option"));

    [Fact]
    public async Task The_zsh_script_says_what_it_completes_and_asks_the_program()
    {
        string script = await RunAsync("bash", "-c", "ambientctl completion zsh");

        Assert.StartsWith("#compdef ambientctl\n", script, StringComparison.Ordinal);
        Assert.Contains("[suggest:${#line}]", script, StringComparison.Ordinal);
        if (File.Exists("/usr/bin/zsh"))
        {
            Assert.Equal("", await RunAsync("/usr/bin/zsh", "-fc", "autoload -Uz compinit && compinit -D && source <(ambientctl completion zsh)"));
        }
    }

    // As readline calls it: the words split where it splits them, the function run, its replies printed.
    private static async Task<string[]> CompleteInBashAsync(string line)
    {
        const string script = """
            source <(ambientctl completion bash)
            COMP_LINE=$1 COMP_POINT=${#1}
            IFS=$' ' read -r -a COMP_WORDS <<< "${1//:/ : }"
            [[ $1 == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
            _ambientctl
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        string output = await RunAsync("bash", "--norc", "-c", script, "completing", line);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Limit);
        await process.WaitForExitAsync().WaitAsync(Limit);
        Assert.Equal((0, ""), (process.ExitCode, await error));
        return output;
    }
}
