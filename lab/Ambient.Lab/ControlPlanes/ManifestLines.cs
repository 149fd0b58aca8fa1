using Ambient.ApiServer.Manifests;

namespace Ambient.Lab.ControlPlanes;

/// <summary>What happens to the manifests, as lines of a log.</summary>
internal sealed class ManifestLines(Action<string> report) : IManifestEvents
{
    public void Loaded(int objects, int applied, int removed) => report($"manifests: {objects} objects, {applied} applied, {removed} removed");

    public void Failed(string message) => report($"manifests: {message}");
}
