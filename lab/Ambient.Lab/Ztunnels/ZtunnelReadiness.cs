using System.Net;
using Ambient.Lab.Network;
using Ambient.Lab.Processes;

namespace Ambient.Lab.Ztunnels;

/// <summary>Asks a ztunnel whether it is ready, on its readiness port.</summary>
public static class ZtunnelReadiness
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>"ready", or what is missing.</summary>
    public static async Task<string> AskAsync(string? namespacePath, int port, CancellationToken cancellationToken)
    {
        using var http = new NamespaceHttp(namespacePath);
        return await http.GetAsync(port, ZtunnelSettings.ReadinessPath, cancellationToken) is (HttpStatusCode status, string body)
            ? status == HttpStatusCode.OK ? "ready" : body.Trim()
            : "no answer";
    }

    /// <summary>Waits until there is any answer, ready or not: everything has been started by then.</summary>
    public static async Task WaitForAnswerAsync(string? namespacePath, int port, CancellationToken cancellationToken)
    {
        using var http = new NamespaceHttp(namespacePath);
        while (await http.GetAsync(port, ZtunnelSettings.ReadinessPath, cancellationToken) is null)
        {
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <exception cref="LabException">The process ended, or was not ready in time; the message has the end of its log.</exception>
    public static async Task WaitAsync(ProcessRecord process, string? namespacePath, int port, string logPath, CancellationToken cancellationToken)
    {
        using var http = new NamespaceHttp(namespacePath);
        long begin = TimeProvider.System.GetTimestamp();
        string seen = "no answer";
        while (TimeProvider.System.GetElapsedTime(begin) < Timeout)
        {
            if (await http.GetAsync(port, ZtunnelSettings.ReadinessPath, cancellationToken) is (HttpStatusCode status, string body))
            {
                if (status == HttpStatusCode.OK)
                {
                    return;
                }

                seen = body.Trim();
            }

            if (!ProcessTable.IsAlive(process))
            {
                throw new LabException($"ztunnel of {process.Owner} ended at its start:\n{LogTail.Read(logPath)}", $"Its whole log: {logPath}");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }

        throw new LabException(
            $"ztunnel of {process.Owner} was not ready after {Timeout.TotalSeconds:0} s ({seen}):\n{LogTail.Read(logPath)}", $"Its whole log: {logPath}");
    }
}
