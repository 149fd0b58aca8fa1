using System.Globalization;

namespace Ambient.Bench.Rig;

/// <summary>Memory of a process as /proc/pid/smaps_rollup counts it.</summary>
/// <param name="ResidentBytes">Rss: pages in memory, shared ones counted in full.</param>
/// <param name="ProportionalBytes">Pss: shared pages divided among those who share them.</param>
internal sealed record ProcessMemory(long ResidentBytes, long ProportionalBytes)
{
    public static ProcessMemory Parse(IEnumerable<string> lines)
    {
        long resident = 0;
        long proportional = 0;
        foreach (string[] fields in lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            switch (fields[0])
            {
                case "Rss:":
                    resident = 1024 * long.Parse(fields[1], CultureInfo.InvariantCulture);
                    break;
                case "Pss:":
                    proportional = 1024 * long.Parse(fields[1], CultureInfo.InvariantCulture);
                    break;
            }
        }

        return new ProcessMemory(resident, proportional);
    }
}
