using System.Globalization;
using Ambient.Lab.Processes;

namespace Ambient.Lab.Scaling;

/// <summary>TCP connections of the namespace that a process lives in.</summary>
internal static class OpenConnections
{
    private const string Established = "01";
    private const int LocalField = 1;
    private const int StateField = 3;

    private static readonly string[] Tables = ["tcp", "tcp6"];
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until nothing is connected to the port, or <paramref name="patience"/> is over.</summary>
    public static async Task WaitForNoneAsync(ProcessRecord process, int port, TimeSpan patience, CancellationToken cancellationToken)
    {
        long begin = TimeProvider.System.GetTimestamp();
        while (ProcessTable.IsAlive(process) && Count(process.Id, port) > 0 && TimeProvider.System.GetElapsedTime(begin) < patience)
        {
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    private static int Count(int processId, int port)
    {
        string ending = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        return Tables.Sum(table => File.ReadLines($"/proc/{processId}/net/{table}").Count(line =>
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > StateField } fields
            && fields[StateField] == Established && fields[LocalField].EndsWith(ending, StringComparison.Ordinal)));
    }
}
