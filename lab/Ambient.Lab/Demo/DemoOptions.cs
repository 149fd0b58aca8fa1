namespace Ambient.Lab.Demo;

/// <summary>How the demo is run.</summary>
public sealed record DemoOptions(string LabName, bool Keep, bool Loopback, string? Ztunnel)
{
    /// <summary>
    /// What "within a second" may take, in seconds: a change of policy, a restart. A test that shares its machine with others gives more,
    /// since it is the order of events that it checks.
    /// </summary>
    public double PromptSeconds { get; init; } = 1.0;
}
