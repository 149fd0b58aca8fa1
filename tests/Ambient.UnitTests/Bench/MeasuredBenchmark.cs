using System.Diagnostics;
using BenchmarkDotNet.Running;

namespace Ambient.UnitTests.Bench;

/// <summary>A microbenchmark run for what it allocates on the calling thread instead of for its time.</summary>
internal sealed class MeasuredBenchmark(BenchmarkCase benchmark)
{
    private const int CallsPerRound = 64;
    private const int LeastRounds = 20;

    /// <summary>The compiler's last version of a method comes when it comes; earlier ones may box or allocate what it does not.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public string Parameters => benchmark.Parameters.PrintInfo;

    /// <summary>
    /// Bytes per operation in the best round, after at least enough rounds to warm up, and more of them while the budget is not met. What
    /// an operation allocates it allocates in every round; a pool trimmed by a collection, or a method compiled anew, in a few.
    /// </summary>
    public double Measure(long budget)
    {
        object target = Activator.CreateInstance(benchmark.Descriptor.Type)!;
        benchmark.Parameters.Items.ToList().ForEach(item => benchmark.Descriptor.Type.GetProperty(item.Name)!.SetValue(target, item.Value));
        benchmark.Descriptor.GlobalSetupMethod?.Invoke(target, null);
        try
        {
            return Measure(CallOf(target), benchmark.Descriptor.OperationsPerInvoke, budget);
        }
        finally
        {
            benchmark.Descriptor.GlobalCleanupMethod?.Invoke(target, null);
        }
    }

    private static double Measure(Action call, int operations, long budget)
    {
        long started = Stopwatch.GetTimestamp();
        double least = double.MaxValue;
        for (int round = 0; round < LeastRounds || (least > budget && Stopwatch.GetElapsedTime(started) < Patience); round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < CallsPerRound; i++)
            {
                call();
            }

            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(CallsPerRound * operations));
        }

        return least;
    }

    /// <summary>A typed delegate, since a call by reflection would box the result.</summary>
    private Action CallOf(object target)
    {
        System.Reflection.MethodInfo method = benchmark.Descriptor.WorkloadMethod;
        if (method.ReturnType == typeof(int))
        {
            Func<int> call = method.CreateDelegate<Func<int>>(target);
            return () => call();
        }

        if (method.ReturnType == typeof(long))
        {
            Func<long> call = method.CreateDelegate<Func<long>>(target);
            return () => call();
        }

        Func<object?> reference = method.CreateDelegate<Func<object?>>(target);
        return () => reference();
    }
}
