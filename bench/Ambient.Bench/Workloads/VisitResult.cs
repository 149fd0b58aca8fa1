namespace Ambient.Bench.Workloads;

/// <summary>What the load saw in one visit.</summary>
/// <param name="Work">Units of work done: gigabytes, thousands of requests or messages, connections.</param>
internal sealed record VisitResult(double Work, Dictionary<string, double> Figures, long Errors, string Message)
{
    public static VisitResult Failure(string message) => new(0, [], 1, message);
}
