using System.CommandLine;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl completion bash|zsh</c>: scripts that ask the program itself what can follow.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # bash completion for ambientctl. Load it with: source <(ambientctl completion bash)
        _ambientctl() {
            local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]} line=${COMP_LINE:0:COMP_POINT} IFS=$'\n'
            # What bash takes for words of their own is one word for the program.
            local typed=${line##*[[:space:]]} lead
            lead=${typed%"$current"}
            line=${line#"${line%%[![:space:]]*}"}
            line=${line#"$program"}
            line=${line#[[:space:]]}
            COMPREPLY=()
            local word
            while read -r word; do
                [[ $word == "$typed"* ]] && COMPREPLY+=("${word#"$lead"}")
            done < <("$program" "[suggest:${#line}]" "$line" 2> /dev/null)
            [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]] && compopt -o nospace 2> /dev/null
            return 0
        }
        complete -o default -F _ambientctl ambientctl
        """;

    private const string Zsh = """
        #compdef ambientctl
        # zsh completion for ambientctl. Load it with: source <(ambientctl completion zsh), after compinit
        _ambientctl() {
            local program=${words[1]} line=${LBUFFER##[[:space:]]#}
            line=${line#"$program"}
            line=${line#[[:space:]]}
            local -a found
            found=(${(f)"$("$program" "[suggest:${#line}]" "$line" 2> /dev/null)"})
            if (( ${#found} )); then
                compadd -- $found
            else
                _files
            fi
        }
        compdef _ambientctl ambientctl
        """;

    public static Command Build(CommandConsole console)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash or zsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh");
        var command = new Command("completion", "Print a script that completes ambientctl's commands and options in a shell.") { shell };
        command.SetAction(parsed =>
        {
            console.Output.Write($"{(parsed.GetValue(shell) == "zsh" ? Zsh : Bash)}\n");
            return ExitCodes.Good;
        });
        return command;
    }
}
