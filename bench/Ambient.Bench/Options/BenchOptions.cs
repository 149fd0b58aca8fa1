using Ambient.Bench.Workloads;

namespace Ambient.Bench.Options;

/// <summary>What the operator asked for.</summary>
internal sealed record BenchOptions
{
    public bool Quick { get; init; }

    public bool ShowHelp { get; init; }

    /// <summary>Where to write the figures alone; null for nowhere.</summary>
    public string? JsonPath { get; init; }

    public IReadOnlyList<string> Systems { get; init; } = [];

    /// <summary>Ids of the workloads, resolved from the prefixes given.</summary>
    public IReadOnlyList<string> Workloads { get; init; } = [];

    public IReadOnlyList<TlsSuite> Suites { get; init; } = [];

    public Placement Placement { get; init; } = Placement.Pinned;

    /// <summary>Accepted blocks wanted for each workload.</summary>
    public int Blocks { get; init; }

    /// <summary>The operator said how many blocks, so that no workload has fewer.</summary>
    public bool HasOwnBlocks { get; init; }

    public int SecondsPerVisit { get; init; }

    public int IdleConnections { get; init; }

    /// <summary>Seed of the order of visits.</summary>
    public int Seed { get; init; }

    /// <summary>Keep blocks that the rules reject, and mark the whole report as noise.</summary>
    public bool KeepsRejected { get; init; }

    public bool KeepsCpusAwake { get; init; } = true;

    public string Ztunnel { get; init; } = "";

    /// <summary>The program that the workloads of the control plane measure.</summary>
    public string ControlPlane { get; init; } = "";

    public string ResultsFolder { get; init; } = "";

    /// <summary>Rejected blocks are run again only as long as the run is expected to end by then.</summary>
    public TimeSpan TimeBudget { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Accepted blocks wanted for one workload: a quick run looks once at those that have no floor to meet.</summary>
    public int BlocksOf(string workload) => Quick && !HasOwnBlocks && WorkloadCatalog.QuickOnceIds.Contains(workload) ? 1 : Blocks;
}
