using Ambient.ControlPlane.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Ambient.ControlPlane;

/// <summary>What the program says before and instead of running. Exit codes: 1 cannot run, 2 wrong settings.</summary>
internal static class ProgramStart
{
    public const int CannotRun = 1;
    public const int WrongSettings = 2;

    /// <summary>Reads the settings, or says everything that is wrong with them.</summary>
    public static ControlPlaneOptions? ReadOptions(CommandLine command, TextWriter errors)
    {
        ControlPlaneOptions? options = OptionsReader.Read(command.Flags, Environment.GetEnvironmentVariable, out IReadOnlyList<string> problems);
        string[] all = [.. command.Errors, .. problems];
        if (all.Length == 0)
        {
            return options! with { Statuses = options.Statuses with { Identity = Identity(options.Statuses.Identity) } };
        }

        foreach (string problem in all)
        {
            errors.WriteLine($"control-plane: {problem}");
        }

        errors.WriteLine("control-plane: not started; --help lists every setting");
        return null;
    }

    public static ILoggerFactory CreateLoggers(LogLevel level) => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(level)
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        }));

    // A host name alone would be shared by two replicas on one machine.
    private static string Identity(string podName) => podName.Length > 0 ? podName : $"{Environment.MachineName}-{Environment.ProcessId}";
}
