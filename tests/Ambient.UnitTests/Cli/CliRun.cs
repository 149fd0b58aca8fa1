using Ambient.Cli;

namespace Ambient.UnitTests.Cli;

/// <summary>ambientctl run in this process at a fixed time.</summary>
internal sealed record CliRun(int Code, string Output, string Error)
{
    /// <summary>Within the validity of the certificates of the recorded dumps.</summary>
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    public static async Task<CliRun> StartAsync(string input, params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int code = await AmbientctlApp.RunAsync(arguments, new CommandConsole(new StringReader(input), output, error), new FixedTime());
        return new CliRun(code, output.ToString(), error.ToString());
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
