using Ambient.Redirection.Commands;

namespace Ambient.Testing.Redirection;

/// <summary>Stands in for external programs: records every command and answers with the first matching answer, else with success.</summary>
public sealed class ScriptedPrograms : IProgramRunner
{
    private readonly List<(Func<ProgramCommand, bool> Matches, ProgramResult Result)> _answers = [];

    public List<ProgramCommand> Commands { get; } = [];

    public ScriptedPrograms Answer(Func<ProgramCommand, bool> matches, ProgramResult result)
    {
        _answers.Add((matches, result));
        return this;
    }

    public Task<ProgramResult> RunAsync(ProgramCommand command, CancellationToken cancellationToken)
    {
        Commands.Add(command);
        ProgramResult? answer = _answers.FirstOrDefault(candidate => candidate.Matches(command)).Result;
        return Task.FromResult(answer ?? new ProgramResult(ProgramOutcome.Exited, 0, "", ""));
    }
}
