using Ambient.Bench.Blocks;
using Ambient.Bench.Footing;

namespace Ambient.Bench.Report;

/// <summary>All workloads under one TLS suite.</summary>
internal sealed record SuiteReport(
    string Suite,
    string SuiteName,
    IReadOnlyList<FootingRecord> Footing,
    IReadOnlyList<WarmUpRecord> WarmUps,
    IReadOnlyList<WorkloadReport> Workloads);
