using System.Globalization;

namespace Ambient.Bench.Rig;

/// <summary>What /proc says of a process and its children.</summary>
internal static class ProcessTree
{
    /// <summary>The process and its descendants that are alive.</summary>
    public static IReadOnlyList<int> Of(int processId)
    {
        List<int> all = [processId];
        for (int index = 0; index < all.Count; index++)
        {
            string file = $"/proc/{all[index]}/task/{all[index]}/children";
            if (File.Exists(file))
            {
                all.AddRange(File.ReadAllText(file).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(text => int.Parse(text, CultureInfo.InvariantCulture)));
            }
        }

        return all;
    }

    /// <summary>User and system time, with ended children; ticks of 10 ms.</summary>
    public static double CpuSeconds(int processId) => Of(processId).Sum(id =>
    {
        string stat = File.ReadAllText($"/proc/{id}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) / 100.0;
    });

    public static int Descriptors(int processId) => Of(processId).Sum(id => Directory.GetFileSystemEntries($"/proc/{id}/fd").Length);

    /// <summary>The most bytes that the process itself ever had in memory.</summary>
    public static long PeakBytes(int processId) => 1024 * long.Parse(
        File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    public static ProcessMemory Memory(int processId)
    {
        IReadOnlyList<ProcessMemory> parts = [.. Of(processId).Select(id => ProcessMemory.Parse(File.ReadAllLines($"/proc/{id}/smaps_rollup")))];
        return new ProcessMemory(parts.Sum(part => part.ResidentBytes), parts.Sum(part => part.ProportionalBytes));
    }
}
