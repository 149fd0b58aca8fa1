using System.CommandLine;
using System.CommandLine.Parsing;
using Ambient.Cli.Text;

namespace Ambient.Cli.Commands;

/// <summary>An argument that is a name: what begins with a dash is an option that was mistyped, never a name.</summary>
internal static class WordArgument
{
    public static Argument<T> RefuseOptions<T>(this Argument<T> argument)
    {
        argument.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens)
            {
                if (token.Value.StartsWith('-') && result.Parent is CommandResult parent)
                {
                    result.AddError($"There is no option {Printable.Of(token.Value)}. {Suggestion.For(token.Value, Names(parent.Command), "options")}");
                }
            }
        });
        return argument;
    }

    private static IEnumerable<string> Names(Command command) =>
        command.Options.SelectMany(option => option.Aliases.Prepend(option.Name)).Where(name => name.StartsWith("--", StringComparison.Ordinal));
}
