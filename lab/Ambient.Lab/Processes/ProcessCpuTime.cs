using System.Globalization;

namespace Ambient.Lab.Processes;

/// <summary>CPU time of a process from /proc/PID/stat, all its threads, ended ones too; to 10 ms.</summary>
public static class ProcessCpuTime
{
    /// <summary>The unit of /proc, the same on every Linux whatever the kernel's own clock.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>User and system seconds since its start; null when that process has ended.</summary>
    public static double? FindSeconds(ProcessRecord record)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{record.Id}/stat");
            return ProcessTable.ParseStartTime(stat) == record.StartTime ? ParseSeconds(stat) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Fields 14 and 15 of proc(5), counted from behind the name.</summary>
    internal static double? ParseSeconds(string stat)
    {
        const int UserIndex = 11;
        const int SystemIndex = 12;
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > SystemIndex
            && long.TryParse(fields[UserIndex], NumberStyles.None, CultureInfo.InvariantCulture, out long user)
            && long.TryParse(fields[SystemIndex], NumberStyles.None, CultureInfo.InvariantCulture, out long system)
                ? (user + system) / TicksPerSecond
                : null;
    }
}
