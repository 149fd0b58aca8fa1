using System.Net;
using System.Net.Sockets;
using Ambient.Lab.Processes;

namespace Ambient.Lab.Network;

/// <summary>Waits until a workload listens.</summary>
public static class PortWaiter
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <exception cref="LabException">The process ended, or did not listen in time; the message has the end of its log.</exception>
    public static async Task WaitAsync(ProcessRecord process, string? namespacePath, int port, string logPath, CancellationToken cancellationToken)
    {
        long begin = TimeProvider.System.GetTimestamp();
        while (!await IsListeningAsync(namespacePath, port, cancellationToken))
        {
            if (!ProcessTable.IsAlive(process))
            {
                throw new LabException($"The workload of {process.Owner} ended at its start:\n{LogTail.Read(logPath)}", $"Its whole log: {logPath}");
            }

            if (TimeProvider.System.GetElapsedTime(begin) >= Timeout)
            {
                throw new LabException($"The workload of {process.Owner} did not listen on port {port} within {Timeout.TotalSeconds:0} s.", $"Its log: {logPath}");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    private static async Task<bool> IsListeningAsync(string? namespacePath, int port, CancellationToken cancellationToken)
    {
        try
        {
            using Socket socket = await NamespaceSocket.ConnectAsync(namespacePath, new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
