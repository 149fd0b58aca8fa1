namespace Ambient.Redirection.Commands;

/// <summary>Runs external programs to their end.</summary>
public interface IProgramRunner
{
    /// <summary>Never throws for what the program does; a missing program and a timeout are results.</summary>
    Task<ProgramResult> RunAsync(ProgramCommand command, CancellationToken cancellationToken);
}
