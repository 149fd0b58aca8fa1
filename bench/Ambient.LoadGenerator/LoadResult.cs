using Ambient.Lab.Benchmarking.Statistics;

namespace Ambient.LoadGenerator;

/// <summary>What came of one <see cref="LoadCommand"/>, as one JSON line on the generator's output.</summary>
/// <param name="Count">Operations completed: connections, messages, or connections opened.</param>
/// <param name="Errors">Operations that failed; any makes the block worthless.</param>
/// <param name="Seconds">Wall time of the load.</param>
/// <param name="P50Microseconds">Median latency of an operation.</param>
/// <param name="P90Microseconds">Latency that nine in ten do not exceed.</param>
/// <param name="P99Microseconds">Latency that 99 % do not exceed.</param>
/// <param name="P999Microseconds">Latency that 99.9 % do not exceed.</param>
/// <param name="Stalls">Operations that took longer than 100 ms.</param>
/// <param name="Message">The first failure, or the answer of a probe.</param>
internal sealed record LoadResult(
    long Count,
    long Errors,
    double Seconds,
    double P50Microseconds,
    double P90Microseconds,
    double P99Microseconds,
    double P999Microseconds,
    long Stalls,
    string Message)
{
    private const long StallNanoseconds = 100_000_000;

    public static LoadResult From(LatencyHistogram latencies, long errors, TimeSpan elapsed, string message) => new(
        latencies.Count,
        errors,
        elapsed.TotalSeconds,
        latencies.Quantile(0.50) / 1000,
        latencies.Quantile(0.90) / 1000,
        latencies.Quantile(0.99) / 1000,
        latencies.Quantile(0.999) / 1000,
        latencies.CountAbove(StallNanoseconds),
        message);

    public static LoadResult Failure(string message) => new(0, 1, 0, 0, 0, 0, 0, 0, message);
}
