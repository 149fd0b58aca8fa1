namespace Ambient.Redirection.Commands;

/// <summary>How a run of a program ended.</summary>
public enum ProgramOutcome
{
    Exited,
    NotFound,
    TimedOut,
}
