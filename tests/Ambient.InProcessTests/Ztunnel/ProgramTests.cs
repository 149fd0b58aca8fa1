using System.Diagnostics;

namespace Ambient.InProcessTests.Ztunnel;

/// <summary>The program as it is started: what it prints, and how it ends.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task Reports_every_wrong_setting_at_once_and_ends_with_two()
    {
        (int code, string output, string error) = await RunAsync(
            ["--colour", "red", "--network=a", "--secret-ttl", "1s"], ("KEEPALIVE_ENABLED", "maybe"), ("TLS12_ENABLED", "true"));

        Assert.Equal(2, code);
        Assert.Equal("", output);
        foreach (string part in new[]
        {
            "--colour: unknown flag", "--secret-ttl: invalid value '1s'", "KEEPALIVE_ENABLED: invalid value 'maybe': use true or false",
            "TLS12_ENABLED: invalid value 'true'", "AMBIENT_LOCAL_ROOT: missing", "LOCAL_XDS_PATH: missing",
        })
        {
            Assert.Contains(part, error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("help", 0, "--local-xds-path (LOCAL_XDS_PATH)")]
    [InlineData("--help", 0, "Exit codes:")]
    [InlineData("version", 0, "ztunnel ")]
    public async Task Answers_help_and_version(string argument, int expected, string part)
    {
        (int code, string output, string error) = await RunAsync([argument]);

        Assert.Equal((expected, ""), (code, error));
        Assert.Contains(part, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_with_one_on_an_unknown_command()
    {
        (int code, _, string error) = await RunAsync(["serve"]);

        Assert.Equal(1, code);
        Assert.Contains("unknown command 'serve'", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(
        string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ztunnel.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start) ?? throw new InvalidOperationException("not started");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await error);
    }
}
