using Ambient.ControlPlane.Telemetry;
using Ambient.Kube.Client;
using Ambient.Kube.Watching;
using Microsoft.Extensions.Logging;

namespace Ambient.ControlPlane.Sources;

/// <summary>Tells the log and the metrics how reading the cluster goes.</summary>
public sealed class WatchReports(ILogger logger, SourceMetrics metrics) : IWatchEvents
{
    public void Listed(string resource, int objects) => ControlPlaneLog.Listed(logger, resource, objects);

    public void Failed(string resource, KubernetesException error, TimeSpan retryIn)
    {
        metrics.Failed(resource);

        // A watch whose point was forgotten is ordinary; it begins again with a list.
        if (!error.IsExpired)
        {
            ControlPlaneLog.WatchFailed(logger, resource, retryIn, error.Message);
        }
    }

    public void HandlerFailed(string resource, ObjectName name, Exception error) => ControlPlaneLog.HandlerFailed(logger, resource, name.ToString(), error);
}
