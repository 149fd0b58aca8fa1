using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Ambient.Ztunnel.Admin;

/// <summary>
/// <c>/debug/pprof/*</c> (node-proxy 9.5): this runtime has no profiler inside, so the pages check what they are asked and name the tool that
/// answers it. The heap page adds what the runtime itself knows of its memory.
/// </summary>
internal static class PprofPages
{
    public const string Prefix = "/debug/pprof/";

    private const int MostSeconds = 300;
    private const int MostFrequency = 1000;

    public static Task ServeAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/debug/pprof/profile" => ServeProfileAsync(context),
        "/debug/pprof/heap" or "/debug/pprof/heap/profiling" => ServeHeapAsync(context),
        _ => PlainText.WriteAsync(context, StatusCodes.Status404NotFound, "not found; there are profile and heap\n"),
    };

    private static Task ServeProfileAsync(HttpContext context)
    {
        if (Find(context, "seconds", 10, MostSeconds) is not { } seconds)
        {
            return PlainText.WriteAsync(context, StatusCodes.Status400BadRequest, $"seconds must be 1 to {MostSeconds}\n");
        }

        return Find(context, "frequency", 100, MostFrequency) is not { } frequency
            ? PlainText.WriteAsync(context, StatusCodes.Status400BadRequest, $"frequency must be 1 to {MostFrequency}\n")
            : PlainText.WriteAsync(
                context,
                StatusCodes.Status501NotImplemented,
                $"no CPU profiler is built in; on the node run: perf record -g -F {frequency} -p {Environment.ProcessId} -- sleep {seconds}\n");
    }

    private static Task ServeHeapAsync(HttpContext context)
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return PlainText.WriteAsync(context, StatusCodes.Status500InternalServerError, string.Create(CultureInfo.InvariantCulture, $"""
            no heap profiler is built in; on the node run: dotnet-gcdump collect -p {Environment.ProcessId}
            resident bytes: {Environment.WorkingSet}
            managed heap bytes: {GC.GetTotalMemory(forceFullCollection: false)}
            managed heap bytes at the last collection: {memory.HeapSizeBytes}
            committed bytes: {memory.TotalCommittedBytes}
            fragmented bytes: {memory.FragmentedBytes}
            allocated bytes since the start: {GC.GetTotalAllocatedBytes()}
            collections of generations 0, 1, 2: {GC.CollectionCount(0)}, {GC.CollectionCount(1)}, {GC.CollectionCount(2)}

            """));
    }

    /// <summary>Null when it is not a number from 1 to <paramref name="most"/>.</summary>
    private static int? Find(HttpContext context, string name, int fallback, int most)
    {
        if (!context.Request.Query.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues given))
        {
            return fallback;
        }

        return int.TryParse(given.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 1 && value <= most ? value : null;
    }
}
