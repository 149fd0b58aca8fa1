using System.Collections;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel;

/// <summary>What the program says on the console before and instead of running. Exit codes: 1 cannot run, 2 wrong settings.</summary>
internal static class ProgramStart
{
    private const int CannotRun = 1;
    private const int WrongSettings = 2;
    private const string MeshFilePath = "./etc/istio/config/mesh";

    /// <summary>Runs the commands that only print; null goes on to the proxy.</summary>
    public static int? Answer(CommandLine command)
    {
        switch (command.Command)
        {
            case CommandKind.Proxy:
                return null;
            case CommandKind.Version:
                Console.Out.WriteLine(VersionInfo.Of(typeof(ProgramStart).Assembly, Environment.GetEnvironmentVariable("ISTIO_META_ISTIO_VERSION")));
                return 0;
            case CommandKind.Help:
                Console.Out.Write(HelpText.Build());
                return 0;
            default:
                Console.Error.WriteLine($"ztunnel: unknown command '{command.Word}'; use proxy, version or help");
                return CannotRun;
        }
    }

    public static OptionsResult ReadOptions(CommandLine command)
    {
        string? meshFile = File.Exists(MeshFilePath) ? File.ReadAllText(MeshFilePath) : null;
        Dictionary<string, string> environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => entry.Value as string ?? string.Empty, StringComparer.Ordinal);
        OptionsResult read = ZtunnelOptions.Read(
            new SettingSource(environment, command.Flags), new OptionsEnvironment(meshFile, Environment.ProcessorCount));
        return command.Errors.Count == 0 ? read : new OptionsResult(null, [.. command.Errors, .. read.Errors]);
    }

    /// <summary>All that is wrong, at once.</summary>
    public static int Refuse(IReadOnlyList<SettingError> errors)
    {
        foreach (SettingError error in errors)
        {
            Console.Error.WriteLine($"ztunnel: {error}");
        }

        Console.Error.WriteLine("ztunnel: not started; 'ztunnel help' lists every setting");
        return WrongSettings;
    }

    public static int Fail(StartException error)
    {
        Console.Error.WriteLine($"ztunnel: {error.Message}");
        return CannotRun;
    }

    /// <summary>The configuration in force, once.</summary>
    public static void Print(ZtunnelOptions options, LoggerProvider loggers)
    {
        ILogger logger = loggers.CreateLogger(LogTargets.Config);
        foreach ((string name, string value) in new EffectiveConfiguration(options).Lines)
        {
            AppLog.Setting(logger, name, value);
        }
    }
}
