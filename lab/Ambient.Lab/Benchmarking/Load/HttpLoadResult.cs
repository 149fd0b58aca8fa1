namespace Ambient.Lab.Benchmarking.Load;

/// <summary>What came of a load; the probe prints it as one line of JSON.</summary>
/// <param name="Operations">Completed in the time that counts.</param>
/// <param name="Seconds">The time that counts.</param>
/// <param name="AllOperations">Completed at all, the warm-up's too: what CPU time taken around the whole load is divided by.</param>
/// <param name="P50Microseconds">Median latency of an operation.</param>
/// <param name="P99Microseconds">Latency that 99 % do not exceed.</param>
/// <param name="Status">HTTP status of the first answer; 0 when there was none.</param>
/// <param name="Errors">Connections that failed, answers that are none, and answers with another status than the first.</param>
/// <param name="FirstError">Empty without errors.</param>
public sealed record HttpLoadResult(
    long Operations, double Seconds, long AllOperations, double P50Microseconds, double P99Microseconds, int Status, long Errors, string FirstError)
{
    public double PerSecond => Seconds > 0 ? Operations / Seconds : 0;
}
