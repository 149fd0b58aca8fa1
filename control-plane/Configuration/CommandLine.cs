using System.CommandLine;
using System.CommandLine.Parsing;

namespace Ambient.ControlPlane.Configuration;

/// <summary>The program's arguments: a flag for each setting that has one.</summary>
/// <param name="Flags">Values by flag.</param>
/// <param name="Errors">What is wrong, a line each.</param>
/// <param name="WantsHelp">Whether to print help and nothing else.</param>
public sealed record CommandLine(IReadOnlyDictionary<string, string> Flags, IReadOnlyList<string> Errors, bool WantsHelp)
{
    /// <summary>The name under which istiod's charts start it; it may stand before the flags.</summary>
    private const string Word = "discovery";

    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        Option<bool> help = new("--help", "-h");
        Command root = new("control-plane") { help };
        Dictionary<string, Option<string>> options = SettingCatalogue.All
            .Where(setting => setting.Flag.Length > 0)
            .ToDictionary(setting => setting.Flag, setting => new Option<string>(setting.Flag), StringComparer.Ordinal);
        foreach (Option<string> option in options.Values)
        {
            root.Add(option);
        }

        string[] rest = [.. arguments.SkipWhile((argument, index) => index == 0 && argument == Word)];
        ParseResult parsed = root.Parse(rest, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        Dictionary<string, string> flags = options
            .Where(pair => parsed.GetResult(pair.Value) is not null)
            .ToDictionary(pair => pair.Key, pair => parsed.GetResult(pair.Value)!.Tokens is [{ } token, ..] ? token.Value : string.Empty, StringComparer.Ordinal);
        return new CommandLine(flags, [.. parsed.Errors.Select(Describe)], parsed.GetValue(help));
    }

    private static string Describe(ParseError error) => error.Message.TrimEnd('.');
}
