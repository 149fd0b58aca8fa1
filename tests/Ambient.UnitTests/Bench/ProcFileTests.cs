using Ambient.Bench.Rig;

namespace Ambient.UnitTests.Bench;

public sealed class ProcFileTests
{
    [Fact]
    public void Splits_cpu_time_into_busy_idle_and_stolen()
    {
        HostSnapshot snapshot = HostSnapshot.Parse(
        [
            "cpu  400 100 200 1000 50 10 20 30 0 0",
            "cpu0 300 0 100 500 0 0 0 10 0 0",
            "cpu1 100 100 100 500 50 10 20 20 0 0",
            "intr 12345",
        ]);

        Assert.Equal(new CpuTimes(7.3, 10.5, 0.3), snapshot.All);
        Assert.Equal(2, snapshot.Each.Count);
        Assert.Equal(4.0, snapshot.Each[0].Busy, 9);
    }

    [Fact]
    public void Time_between_two_snapshots_is_their_difference()
    {
        CpuTimes slice = new CpuTimes(9, 5, 0.5) - new CpuTimes(7, 2, 0.25);

        Assert.Equal(new CpuTimes(2, 3, 0.25), slice);
        Assert.Equal(5.25, slice.Total);
    }

    [Fact]
    public void Memory_is_read_in_bytes() => Assert.Equal(
        new ProcessMemory(64 * 1024, 24 * 1024),
        ProcessMemory.Parse(["55d0-7ffe ---p 00000000 00:00 0   [rollup]", "Rss:                  64 kB", "Pss:                  24 kB", "Pss_Dirty:            12 kB"]));
}
