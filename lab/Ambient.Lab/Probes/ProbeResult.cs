namespace Ambient.Lab.Probes;

/// <summary>What a probe saw, in one line.</summary>
public sealed record ProbeResult(bool Passed, string Text);
