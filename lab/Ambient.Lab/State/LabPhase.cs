namespace Ambient.Lab.State;

/// <summary>How far a lab got.</summary>
public enum LabPhase
{
    Starting,
    Up,
    Stopping,
}
