using Ambient.Microbenchmarks.Http2;
using Ambient.Testing.Bench;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using Xunit.Abstractions;

namespace Ambient.UnitTests.Bench;

/// <summary>What the microbenchmarks allocate against bench/allocation-budgets.json. Copying runs on loop threads and is measured in a whole connection instead.</summary>
public sealed class AllocationBudgetTests(ITestOutputHelper output)
{
    private const string Folder = "Ambient.Microbenchmarks.";

    private static readonly ILookup<string, BenchmarkCase> Benchmarks = FindBenchmarks();

    public static TheoryData<string> Names => [.. Benchmarks.Select(group => group.Key)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_operation_allocates_no_more_than_its_budget(string name)
    {
        Assert.True(AllocationBudgets.Current.Operations.TryGetValue(name, out long budget), $"bench/allocation-budgets.json has no line for {name}");
        foreach (BenchmarkCase benchmark in Benchmarks[name])
        {
            MeasuredBenchmark measured = new(benchmark);
            double bytes = measured.Measure(budget);
            output.WriteLine($"{name} {measured.Parameters}: {bytes:F1} of {budget} bytes");
            Assert.True(bytes <= budget, $"{name} {measured.Parameters} allocates {bytes:F1} bytes, its budget is {budget}");
        }
    }

    [Fact]
    public void Every_budget_is_that_of_a_benchmark() =>
        Assert.Empty(AllocationBudgets.Current.Operations.Keys.Except(Benchmarks.Select(group => group.Key)));

    private static ILookup<string, BenchmarkCase> FindBenchmarks() => typeof(DataFrameBenchmarks).Assembly.GetExportedTypes()
        .Where(type => type.Namespace is { } folder && folder.StartsWith(Folder, StringComparison.Ordinal) && !folder.EndsWith(".Copying", StringComparison.Ordinal))
        .SelectMany(type => BenchmarkConverter.TypeToBenchmarks(type, ManualConfig.CreateEmpty()).BenchmarksCases)
        .ToLookup(benchmark => $"{benchmark.Descriptor.Type.FullName![Folder.Length..]}.{benchmark.Descriptor.WorkloadMethod.Name}");
}
