namespace Ambient.Cli;

/// <summary>A command was used wrongly, or what it asks or reads cannot be had. Carries what the operator can do next.</summary>
internal sealed class CommandException(string message, string nextStep) : Exception(message)
{
    public string NextStep { get; } = nextStep;
}
