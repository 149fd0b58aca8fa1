namespace Ambient.Lab.Benchmarking;

/// <summary>Both loads, with the pod either enrolled or not.</summary>
public sealed record BenchHalf(BenchVisit Requests, BenchVisit Connections)
{
    /// <summary>Null when it counts, else what failed.</summary>
    public string? Fault => FindFault("requests", Requests) ?? FindFault("new connections", Connections);

    private static string? FindFault(string load, BenchVisit visit) =>
        visit.Load.Errors > 0 ? $"{visit.Load.Errors} of the {load} failed: {visit.Load.FirstError}"
        : visit.Load.Operations == 0 ? $"none of the {load} was answered in time"
        : null;
}
