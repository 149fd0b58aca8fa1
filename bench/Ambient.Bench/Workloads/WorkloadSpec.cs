namespace Ambient.Bench.Workloads;

/// <summary>What a workload is called and how its figures are read.</summary>
/// <param name="Id">Name on the command line and in the JSON.</param>
/// <param name="Title">Name in the table.</param>
/// <param name="Figure">Its main figure.</param>
/// <param name="Unit">Unit of the main figure.</param>
/// <param name="HigherIsBetter">Direction of the main figure.</param>
/// <param name="WorkUnit">What CPU seconds are divided by.</param>
internal sealed record WorkloadSpec(string Id, string Title, string Figure, string Unit, bool HigherIsBetter, string WorkUnit);
