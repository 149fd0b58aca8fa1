using System.Net;
using Ambient.ApiServer;
using Ambient.ApiServer.Manifests;
using Ambient.Kube.Configuration;
using Ambient.Lab.Plans;

namespace Ambient.Lab.ControlPlanes;

/// <summary>The API server of a lab as a process: it holds what a folder of manifests says, and what clients write.</summary>
public static class ApiServerProcess
{
    /// <summary>Begins the line that says that every manifest was read once.</summary>
    public const string ReadyLine = "ready: ";

    /// <summary>Serves until it is cancelled.</summary>
    /// <param name="manifests">The folder; it is followed.</param>
    /// <param name="report">Progress and what is wrong with the manifests, a line each.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task RunAsync(string manifests, Action<string> report, CancellationToken cancellationToken)
    {
        var address = new IPEndPoint(IPAddress.Loopback, ControlPlanePlan.ApiPort);
        await using ApiServerHost server = await ApiServerHost.StartAsync(new ApiServerOptions { Address = address });
        await using ManifestFolder folder = await ManifestFolder.StartAsync(
            new KubernetesConfiguration(server.Address), new ManifestFolderOptions(manifests), new ManifestLines(report), cancellationToken);
        report($"{ReadyLine}{server.Address} serves {manifests}");
        await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }
}
