using System.Numerics;

namespace Ambient.Lab.Benchmarking.Statistics;

/// <summary>
/// Latencies in nanoseconds with a relative error below 1 %: 128 linear buckets in each power of two. Recording allocates nothing.
/// </summary>
public sealed class LatencyHistogram
{
    private const int SubBucketBits = 7;
    private const int SubBuckets = 1 << SubBucketBits;
    private readonly long[] _counts = new long[(64 - SubBucketBits + 1) * SubBuckets];

    public long Count { get; private set; }

    public long LargestNanoseconds { get; private set; }

    public void Record(long nanoseconds)
    {
        long value = Math.Max(0, nanoseconds);
        _counts[IndexOf(value)]++;
        Count++;
        LargestNanoseconds = Math.Max(LargestNanoseconds, value);
    }

    /// <summary>Adds what another one has recorded.</summary>
    public void Add(LatencyHistogram other)
    {
        for (int index = 0; index < _counts.Length; index++)
        {
            _counts[index] += other._counts[index];
        }

        Count += other.Count;
        LargestNanoseconds = Math.Max(LargestNanoseconds, other.LargestNanoseconds);
    }

    /// <summary>The latency that the given share (0 to 1) of the recorded ones do not exceed; 0 when nothing was recorded.</summary>
    public double Quantile(double share)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (int index = 0; index < _counts.Length; index++)
        {
            seen += _counts[index];
            if (seen >= rank)
            {
                return Math.Min(MiddleOf(index), LargestNanoseconds);
            }
        }

        return 0;
    }

    /// <summary>How many recorded latencies are above the limit, to the precision of a bucket.</summary>
    public long CountAbove(long nanoseconds)
    {
        long above = 0;
        for (int index = IndexOf(nanoseconds) + 1; index < _counts.Length; index++)
        {
            above += _counts[index];
        }

        return above;
    }

    private static int IndexOf(long value)
    {
        int exponent = Math.Max(0, BitOperations.Log2((ulong)value) - SubBucketBits);
        return (exponent * SubBuckets) + (int)(value >> exponent);
    }

    private static double MiddleOf(int index)
    {
        int exponent = Math.Max(0, (index / SubBuckets) - 1);
        long lowest = (long)(index - (exponent * SubBuckets)) << exponent;
        return lowest + ((1L << exponent) / 2.0);
    }
}
