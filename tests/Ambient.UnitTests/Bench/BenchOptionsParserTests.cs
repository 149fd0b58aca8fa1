using Ambient.Bench.Options;
using Ambient.Bench.Systems;
using Ambient.Bench.Workloads;

namespace Ambient.UnitTests.Bench;

public sealed class BenchOptionsParserTests
{
    [Fact]
    public void Without_arguments_everything_is_measured()
    {
        BenchOptions options = Parse();

        Assert.Equal(SystemName.All, options.Systems);
        Assert.Equal(WorkloadCatalog.Ids, options.Workloads);
        Assert.Equal(TlsSuite.All, options.Suites);
        Assert.Equal(Placement.Pinned, options.Placement);
        Assert.False(options.KeepsRejected);
    }

    [Fact]
    public void Quick_takes_one_suite_and_the_core_workloads_within_its_time()
    {
        BenchOptions options = Parse("--quick");

        Assert.Equal([TlsSuite.Aes128], options.Suites);
        Assert.Equal(WorkloadCatalog.QuickIds, options.Workloads);
        Assert.True(options.TimeBudget < TimeSpan.FromMinutes(4));
    }

    [Fact]
    public void Workloads_are_chosen_by_id_or_by_the_beginning_of_an_id()
    {
        Assert.Equal(["w1-1", "w1-8", "w1r-1", "w1r-8"], Parse("--workloads", "w1").Workloads);
        Assert.Equal(["w1-1", "w4-1", "w4-32"], Parse("--workloads", "w4,w1-1").Workloads);
    }

    [Fact]
    public void A_workload_outside_the_quick_set_can_be_asked_of_a_quick_run() =>
        Assert.Equal(["w1r-1"], Parse("--quick", "--workloads", "w1r-1").Workloads);

    [Fact]
    public void The_lean_variant_of_ours_runs_only_when_it_is_named()
    {
        Assert.DoesNotContain(SystemName.OursLean, Parse().Systems);
        Assert.Equal([SystemName.Ours, SystemName.OursLean], Parse("--systems", "ours-lean,ours").Systems);
    }

    [Fact]
    public void Numbers_and_paths_are_taken()
    {
        BenchOptions options = Parse("--blocks", "20", "--seconds", "5", "--seed", "9", "--json", "out.json", "--placement", "free", "--suites", "aes256");

        Assert.Equal((20, 5, 9, "out.json", Placement.Free), (options.Blocks, options.SecondsPerVisit, options.Seed, options.JsonPath, options.Placement));
        Assert.Equal([TlsSuite.Aes256], options.Suites);
    }

    [Fact]
    public void Every_fault_is_reported_at_once()
    {
        (_, IReadOnlyList<string> faults) = new BenchOptionsParser("/repository").Parse(
            ["--blocks", "many", "--systems", "ours,envoy", "--placement", "moon", "--verbose", "--json"]);

        Assert.Collection(
            faults.Order(StringComparer.Ordinal),
            fault => Assert.StartsWith("--blocks is a number", fault, StringComparison.Ordinal),
            fault => Assert.Equal("--json needs a value", fault),
            fault => Assert.Equal("--placement is pinned or free", fault),
            fault => Assert.StartsWith("--systems: envoy is none of", fault, StringComparison.Ordinal),
            fault => Assert.Equal("unknown argument --verbose", fault));
    }

    private static BenchOptions Parse(params string[] arguments)
    {
        (BenchOptions options, IReadOnlyList<string> faults) = new BenchOptionsParser("/repository").Parse(arguments);
        Assert.Empty(faults);
        return options;
    }
}
