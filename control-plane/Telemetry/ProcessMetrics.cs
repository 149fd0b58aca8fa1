namespace Ambient.ControlPlane.Telemetry;

/// <summary>What the process itself uses.</summary>
public static class ProcessMetrics
{
    public static IEnumerable<IMetricFamily> Families(TimeProvider time)
    {
        long started = time.GetTimestamp();
        return
        [
            new GaugeFamily("istiod_uptime_seconds", "Seconds since the control plane was started.", () => time.GetElapsedTime(started).TotalSeconds),
            new GaugeFamily("process_resident_memory_bytes", "Memory that is resident.", () => Environment.WorkingSet),
            new GaugeFamily("process_cpu_seconds_total", "Processor time used, user and system.", () => Environment.CpuUsage.TotalTime.TotalSeconds),
            new GaugeFamily("process_open_fds", "Open files and sockets.", () => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count()),
        ];
    }
}
