namespace Ambient.Lab;

/// <summary>A lab could not be started, stopped or used. Carries what the operator can do next.</summary>
public sealed class LabException(string message, string nextStep) : Exception(message)
{
    public string NextStep { get; } = nextStep;
}
