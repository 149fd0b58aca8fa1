using Ambient.ApiServer.Manifests;
using Microsoft.Extensions.Logging;

namespace Ambient.ControlPlane.Sources;

/// <summary>Tells the log how reading a folder of manifests goes.</summary>
public sealed class ManifestReports(ILogger logger) : IManifestEvents
{
    public void Loaded(int objects, int applied, int removed) => ControlPlaneLog.ManifestsLoaded(logger, objects, applied, removed);

    public void Failed(string message) => ControlPlaneLog.ManifestsFailed(logger, message);
}
