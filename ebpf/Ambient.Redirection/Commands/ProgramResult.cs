namespace Ambient.Redirection.Commands;

/// <summary>What a program said. Output beyond <see cref="ProgramRunner.MaxOutputChars"/> is cut off.</summary>
public sealed record ProgramResult(ProgramOutcome Outcome, int ExitCode, string StandardOutput, string StandardError)
{
    public bool Succeeded => Outcome == ProgramOutcome.Exited && ExitCode == 0;
}
