using System.Collections;

namespace Ambient.Ztunnel.Configuration;

/// <summary>What the arguments and the environment amount to: run with these options, or print a text and end.</summary>
/// <param name="Options">Set when the proxy is to run, and only then.</param>
/// <param name="Output">For standard output: version, help, or the effective configuration.</param>
/// <param name="Error">For standard error.</param>
internal sealed record StartDecision(ZtunnelOptions? Options, string Output, string Error, int ExitCode)
{
    public const int UnknownCommandExitCode = 1;
    public const int InvalidSettingsExitCode = 2;

    /// <param name="arguments">Without the program's name.</param>
    /// <param name="environmentVariables">As the class library gives them.</param>
    public static StartDecision Of(
        IReadOnlyList<string> arguments, IDictionary environmentVariables, OptionsEnvironment environment, string version)
    {
        CommandLine line = CommandLine.Parse(arguments);
        switch (line.Command)
        {
            case CommandKind.Help:
                return new StartDecision(null, HelpText.Build(), "", 0);
            case CommandKind.Version:
                return new StartDecision(null, version + "\n", "", 0);
            case CommandKind.Unknown:
                return new StartDecision(
                    null, "", $"unknown command '{line.Word}'; commands are proxy, version and help\n", UnknownCommandExitCode);
            case CommandKind.Proxy:
            default:
                return OfProxy(line, environmentVariables, environment);
        }
    }

    private static StartDecision OfProxy(CommandLine line, IDictionary environmentVariables, OptionsEnvironment environment)
    {
        var source = new SettingSource(ToDictionary(environmentVariables), line.Flags);
        OptionsResult result = ZtunnelOptions.Read(source, environment);
        IReadOnlyList<SettingError> errors = [.. line.Errors, .. result.Errors];
        if (result.Options is { } options && errors.Count == 0)
        {
            return new StartDecision(options, new EffectiveConfiguration(options).ToString(), "", 0);
        }

        string list = string.Concat(errors.Select(error => $"  {error}\n"));
        return new StartDecision(
            null, "", $"cannot start, {errors.Count} invalid setting(s):\n{list}'ztunnel help' explains every setting\n", InvalidSettingsExitCode);
    }

    private static Dictionary<string, string> ToDictionary(IDictionary environmentVariables)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in environmentVariables)
        {
            values[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        return values;
    }
}
