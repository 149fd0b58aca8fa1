namespace Ambient.Bench.Rig;

/// <summary>/proc/stat at one moment.</summary>
/// <param name="All">All CPUs together.</param>
/// <param name="Each">Each CPU by its number.</param>
internal sealed record HostSnapshot(CpuTimes All, IReadOnlyList<CpuTimes> Each)
{
    public static HostSnapshot Take() => Parse(File.ReadLines("/proc/stat"));

    public static HostSnapshot Parse(IEnumerable<string> lines)
    {
        CpuTimes[] cpus = [.. lines.TakeWhile(line => line.StartsWith("cpu", StringComparison.Ordinal)).Select(CpuTimes.Parse)];
        return new HostSnapshot(cpus[0], cpus[1..]);
    }
}
