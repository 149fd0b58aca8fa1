using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Files;
using Ambient.Ztunnel.Telemetry;
using Ambient.Ztunnel.Zds;

namespace Ambient.Ztunnel.Pods;

/// <summary>Where the pods to serve come from: one workload in dedicated mode, else a node agent, or a list in a file.</summary>
internal static class PodSource
{
    /// <param name="options">Which of them.</param>
    /// <param name="pods">Told.</param>
    /// <param name="factory">Of the pods, for a rehearsal.</param>
    /// <param name="loggers">For their lines.</param>
    /// <param name="time">Paces them.</param>
    /// <param name="stop">Called with the exit code when a node agent breaks the protocol: only a new start can mend that.</param>
    /// <param name="leading">Ends the conversation, and the watch of the list.</param>
    /// <exception cref="StartException">The kernel forbids what it needs, the list is not valid, or the one workload cannot be served.</exception>
    public static async Task StartAsync(
        ZtunnelOptions options, PodProxySet pods, PodProxyFactory factory, LoggerProvider loggers, TimeProvider time, Action<int> stop, CancellationToken leading)
    {
        if (options.Proxy.DedicatedWorkload is { } workload)
        {
            await pods.StartDedicatedAsync(workload);
            return;
        }

        NamespacePrivileges.Check(options.Sockets);
        await PodRehearsal.RunAsync(factory, loggers.CreateLogger(LogTargets.Pods));
        if (options.Pods.AgentSocket is { } socket)
        {
            _ = ConverseAsync(new ZdsClient(socket, pods, loggers.CreateLogger(LogTargets.Zds), time), loggers, stop, leading);
            return;
        }

        string path = options.Pods.ListPath!;
        PodListSource list = new(path, pods, loggers.CreateLogger(LogTargets.Pods), time);
        WatchedFile file = new(path, list.Read, loggers.CreateLogger(LogTargets.Pods), time);
        StartException.Require(file.Load(), $"AMBIENT_PODS: {path} holds no valid list of pods; the lines above say where");
        await list.ApplyAsync();
        _ = file.WatchAsync(leading);
        _ = list.FollowAsync(leading);
    }

    private static async Task ConverseAsync(ZdsClient client, LoggerProvider loggers, Action<int> stop, CancellationToken leading)
    {
        try
        {
            await client.RunAsync(leading);
        }
        catch (Exception error)
        {
            AppLog.AgentLost(loggers.CreateLogger(LogTargets.App), error.Message);
            stop(1);
        }
    }
}
