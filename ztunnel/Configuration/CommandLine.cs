using System.CommandLine;

namespace Ambient.Ztunnel.Configuration;

/// <summary>
/// The program's arguments: a command (node-proxy 9.8), and a flag for every setting of <see cref="SettingCatalogue"/>.
/// Words after the command are ignored, as the foreign chart passes <c>proxy ztunnel</c>.
/// </summary>
/// <param name="Word">The command as it was written.</param>
/// <param name="Flags">Values by environment name.</param>
internal sealed record CommandLine(
    CommandKind Command,
    string Word,
    IReadOnlyDictionary<string, string> Flags,
    IReadOnlyList<SettingError> Errors)
{
    /// <summary>Farther than this from every known flag, a suggestion would be a guess.</summary>
    private const int MaxSuggestionDistance = 3;

    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var words = new Argument<string[]>("command") { Arity = ArgumentArity.ZeroOrMore };
        var help = new Option<bool>("--help", "-h");
        var root = new Command("ztunnel") { words, help };
        var options = new List<(SettingDefinition Setting, Option<string[]> Option)>();
        foreach (SettingDefinition setting in SettingCatalogue.All)
        {
            var option = new Option<string[]>(setting.Flag) { Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
            options.Add((setting, option));
            root.Add(option);
        }

        ParseResult parsed = root.Parse(arguments, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        string[] rest = parsed.GetValue(words) ?? [];
        var errors = new List<SettingError>();
        CollectUnknownFlags(rest, options, errors);
        Dictionary<string, string> flags = CollectFlags(parsed, options, errors);
        string word = CommandWord(rest);
        CommandKind command = parsed.GetValue(help) ? CommandKind.Help : CommandOf(word);
        return new CommandLine(command, word, flags, errors);
    }

    /// <summary>The first word that is neither a flag nor, to all appearance, the value of an unknown one.</summary>
    private static string CommandWord(string[] words)
    {
        bool mayBeValue = false;
        foreach (string word in words)
        {
            if (!IsFlag(word) && !mayBeValue)
            {
                return word;
            }

            mayBeValue = IsFlag(word) && !word.Contains('=');
        }

        return "proxy";
    }

    private static CommandKind CommandOf(string word) => word switch
    {
        "proxy" => CommandKind.Proxy,
        "version" => CommandKind.Version,
        "help" => CommandKind.Help,
        _ => CommandKind.Unknown,
    };

    private static Dictionary<string, string> CollectFlags(
        ParseResult parsed, List<(SettingDefinition Setting, Option<string[]> Option)> options, List<SettingError> errors)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((SettingDefinition setting, Option<string[]> option) in options)
        {
            if (parsed.GetResult(option) is not { } result)
            {
                continue;
            }

            string[] values = [.. result.Tokens.Select(token => token.Value)];
            if (values.Length == 0 || values.Length < result.IdentifierTokenCount)
            {
                errors.Add(new SettingError(setting.Flag, null, $"a value is missing: {setting.Accepted}"));
            }
            else if (values.Length > 1 && !setting.IsList)
            {
                errors.Add(new SettingError(setting.Flag, string.Join("', '", values), "given more than once"));
            }
            else
            {
                flags[setting.Name] = string.Join(',', values);
            }
        }

        return flags;
    }

    private static void CollectUnknownFlags(
        string[] words, List<(SettingDefinition Setting, Option<string[]> Option)> options, List<SettingError> errors)
    {
        foreach (string word in words.Where(IsFlag))
        {
            string flag = word.Split('=', 2)[0];
            (int Distance, string Flag) nearest = options
                .Select(entry => (Distance: EditDistance(flag, entry.Setting.Flag), entry.Setting.Flag))
                .MinBy(candidate => candidate.Distance);
            errors.Add(new SettingError(flag, null, nearest.Distance <= MaxSuggestionDistance
                ? $"unknown flag; did you mean {nearest.Flag}?"
                : "unknown flag; 'ztunnel help' lists all of them"));
        }
    }

    private static bool IsFlag(string word) => word.Length > 1 && word[0] == '-';

    private static int EditDistance(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        if (Math.Abs(left.Length - right.Length) > MaxSuggestionDistance)
        {
            return int.MaxValue;
        }

        int[] above = [.. Enumerable.Range(0, right.Length + 1)];
        for (int row = 1; row <= left.Length; row++)
        {
            int diagonal = above[0];
            above[0] = row;
            for (int column = 1; column <= right.Length; column++)
            {
                int replaced = diagonal + (left[row - 1] == right[column - 1] ? 0 : 1);
                diagonal = above[column];
                above[column] = Math.Min(Math.Min(above[column], above[column - 1]) + 1, replaced);
            }
        }

        return above[right.Length];
    }
}
