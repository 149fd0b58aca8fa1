using Ambient.Mesh.LocalFile;
using Ambient.Mesh.State;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.State;

/// <summary>Puts the mesh of a local file into the store (node-proxy 9.9). A text with any error is refused whole.</summary>
internal sealed class LocalMeshSource(MeshStore store, string? nodeName, ILogger logger)
{
    private const int LoggedErrors = 20;

    /// <summary>The file as it was last accepted, for the dump.</summary>
    public LocalConfiguration Configuration { get; private set; } = LocalConfiguration.Empty;

    /// <returns>False when the text was refused; what was in force stays.</returns>
    public bool Apply(string text)
    {
        LocalFileResult result = LocalFileParser.Parse(text, nodeName);
        if (result.Snapshot is not { } snapshot)
        {
            foreach (LocalFileError error in result.Errors.Take(LoggedErrors))
            {
                StateLog.Refused(logger, error.ToString());
            }

            StateLog.Kept(logger, result.Errors.Length);
            return false;
        }

        Configuration = result.Configuration!;
        store.Replace(snapshot);
        StateLog.Applied(logger, snapshot.WorkloadCount, snapshot.ServiceCount, snapshot.PolicyCount);
        return true;
    }
}
