using Ambient.Bench.Blocks;

namespace Ambient.Bench.Report;

/// <summary>The whole run, as it is written to the results folder.</summary>
/// <param name="IsNoise">True when rejected blocks were kept: the figures show that the harness works and nothing else.</param>
/// <param name="Control">The A/A control over all workloads; void means that no ratio of the run is printed.</param>
/// <param name="Targets">The limits of the table, met or missed.</param>
internal sealed record RunReport(
    IReadOnlyDictionary<string, string> Facts,
    bool IsQuick,
    bool IsNoise,
    int BlocksWanted,
    int SecondsPerVisit,
    ControlVerdict Control,
    IReadOnlyList<SuiteReport> Suites,
    IReadOnlyList<TargetResult> Targets);
