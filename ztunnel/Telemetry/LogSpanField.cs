namespace Ambient.Ztunnel.Telemetry;

/// <summary>One field of a <see cref="LogSpan"/>: a number when it has no text.</summary>
internal readonly record struct LogSpanField(string Name, string? Text, long Number = 0);
