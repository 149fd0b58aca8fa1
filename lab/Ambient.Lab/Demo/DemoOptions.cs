namespace Ambient.Lab.Demo;

/// <summary>How the demo is run.</summary>
public sealed record DemoOptions(string LabName, bool Keep, bool Loopback, string? Ztunnel);
