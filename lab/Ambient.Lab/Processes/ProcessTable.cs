using System.Globalization;
using Ambient.Lab.Interop;
using Microsoft.Win32.SafeHandles;

namespace Ambient.Lab.Processes;

/// <summary>Looks processes up in /proc, and ends exactly those that were recorded.</summary>
public static class ProcessTable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>How long the kernel may take to reap a killed process.</summary>
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Clock ticks since boot; null when the process does not exist or has ended and only waits for its parent.</summary>
    public static long? FindStartTime(int processId)
    {
        try
        {
            return ParseStartTime(File.ReadAllText($"/proc/{processId}/stat"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static bool IsAlive(ProcessRecord record) => FindStartTime(record.Id) == record.StartTime;

    /// <summary>Asks the process to end, kills it after <paramref name="grace"/>. False when it is still there in the end.</summary>
    public static async Task<bool> EndAsync(ProcessRecord record, TimeSpan grace, CancellationToken cancellationToken)
    {
        using SafeFileHandle? process = ProcessSignals.Open(record.Id);
        // Compared after opening: from here on the descriptor means the process that was compared.
        if (process is null || !IsAlive(record))
        {
            return true;
        }

        if (grace > TimeSpan.Zero)
        {
            ProcessSignals.Send(process, ProcessSignals.Terminate);
            if (await WaitForEndAsync(record, grace, cancellationToken))
            {
                return true;
            }
        }

        ProcessSignals.Send(process, ProcessSignals.Kill);
        return await WaitForEndAsync(record, KillTimeout, cancellationToken);
    }

    /// <summary>Asks the process to end, and returns at once.</summary>
    public static void Terminate(ProcessRecord record)
    {
        using SafeFileHandle? process = ProcessSignals.Open(record.Id);
        if (process is not null && IsAlive(record))
        {
            ProcessSignals.Send(process, ProcessSignals.Terminate);
        }
    }

    public static async Task<bool> WaitForEndAsync(ProcessRecord record, TimeSpan timeout, CancellationToken cancellationToken)
    {
        long begin = TimeProvider.System.GetTimestamp();
        while (IsAlive(record))
        {
            if (TimeProvider.System.GetElapsedTime(begin) >= timeout)
            {
                return false;
            }

            await Task.Delay(PollInterval, cancellationToken);
        }

        return true;
    }

    /// <summary>Reads field 22 of /proc/PID/stat (proc(5)). The name in field 2 may hold blanks and brackets, so counting begins behind it.</summary>
    internal static long? ParseStartTime(string stat)
    {
        const int StateIndex = 0;
        const int StartTimeIndex = 19;
        int nameEnd = stat.LastIndexOf(')');
        string[] fields = nameEnd < 0 ? [] : stat[(nameEnd + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= StartTimeIndex || fields[StateIndex] is "Z" or "X")
        {
            return null;
        }

        return long.TryParse(fields[StartTimeIndex], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks) ? ticks : null;
    }
}
