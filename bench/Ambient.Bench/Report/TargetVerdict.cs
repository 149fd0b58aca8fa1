namespace Ambient.Bench.Report;

/// <summary>How a target came out.</summary>
internal enum TargetVerdict
{
    /// <summary>The workload did not run, or its ratios are void.</summary>
    NotMeasured,
    Missed,
    FloorMet,
    AimMet,
}
