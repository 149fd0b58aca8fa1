using System.Globalization;

namespace Ambient.Bench.Rig;

/// <summary>One line of /proc/stat: how a CPU, or all of them, spent its time since the machine started, in seconds.</summary>
internal sealed record CpuTimes(double Busy, double Idle, double Steal)
{
    public double Total => Busy + Idle + Steal;

    public static CpuTimes operator -(CpuTimes later, CpuTimes earlier) =>
        new(later.Busy - earlier.Busy, later.Idle - earlier.Idle, later.Steal - earlier.Steal);

    /// <summary>From the fields behind the name: user nice system idle iowait irq softirq steal.</summary>
    public static CpuTimes Parse(string line)
    {
        double[] ticks = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(field => long.Parse(field, CultureInfo.InvariantCulture) / 100.0)];
        return new CpuTimes(ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6], ticks[3] + ticks[4], ticks[7]);
    }
}
