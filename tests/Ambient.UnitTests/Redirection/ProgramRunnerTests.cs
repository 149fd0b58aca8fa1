using Ambient.Redirection.Commands;

namespace Ambient.UnitTests.Redirection;

public sealed class ProgramRunnerTests
{
    private static readonly ProgramRunner Programs = new();

    [Fact]
    public async Task Feeds_the_input_and_returns_what_the_program_said()
    {
        ProgramResult result = await Programs.RunAsync(new ProgramCommand("cat", "-") { Input = "one\ntwo\n" }, CancellationToken.None);

        Assert.Equal(new ProgramResult(ProgramOutcome.Exited, 0, "one\ntwo\n", ""), result);
    }

    [Fact]
    public async Task Passes_arguments_as_they_are()
    {
        ProgramResult result = await Programs.RunAsync(new ProgramCommand("echo", "$(id)", "a b", "\"", ";ls"), CancellationToken.None);

        Assert.Equal("$(id) a b \" ;ls\n", result.StandardOutput);
    }

    [Fact]
    public async Task Keeps_the_exit_code()
    {
        ProgramResult result = await Programs.RunAsync(new ProgramCommand("false"), CancellationToken.None);

        Assert.False(result.Succeeded);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task A_missing_program_is_a_result()
    {
        ProgramResult result = await Programs.RunAsync(new ProgramCommand("no-such-program-here"), CancellationToken.None);

        Assert.Equal(ProgramOutcome.NotFound, result.Outcome);
    }

    [Fact]
    public async Task A_program_that_does_not_end_is_killed()
    {
        var command = new ProgramCommand("sleep", "600") { Timeout = TimeSpan.FromMilliseconds(50) };

        ProgramResult result = await Programs.RunAsync(command, CancellationToken.None);

        Assert.Equal(ProgramOutcome.TimedOut, result.Outcome);
        Assert.Contains("sleep", result.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_reads_nothing_is_no_error()
    {
        ProgramResult result = await Programs.RunAsync(new ProgramCommand("true") { Input = new string('x', 1 << 20) }, CancellationToken.None);

        Assert.True(result.Succeeded);
    }

    [Theory]
    [InlineData(null, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")]
    [InlineData("/opt/x:/usr/bin", "/opt/x:/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin:/bin")]
    public void The_path_always_has_the_system_directories(string? path, string expected) => Assert.Equal(expected, SystemPath.Build(path));
}
