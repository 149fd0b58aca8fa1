namespace Ambient.Bench.Report;

/// <summary>A target with what was measured. Low and high are the interval of a ratio; equal to the value for a plain figure.</summary>
internal sealed record TargetResult(Target Target, string Suite, double Value, double Low, double High, TargetVerdict Verdict);
