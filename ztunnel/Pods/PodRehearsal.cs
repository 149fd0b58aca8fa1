using Ambient.Transport.Namespaces;
using Ambient.Ztunnel.Admin;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Pods;

/// <summary>Serves a pod that does not exist, before the first that does: a node agent waits for each answer while a pod is being made.</summary>
internal static class PodRehearsal
{
    /// <summary>Leaves nothing behind. That it cannot be done is no reason not to start.</summary>
    public static async Task RunAsync(PodProxyFactory factory, ILogger logger)
    {
        NetworkNamespace? place = null;
        try
        {
            place = NetworkNamespace.Create();
            await factory.RehearseAsync(place);
        }
        catch (Exception error) when (error is IOException or StartException)
        {
            place?.Dispose();
            PodsLog.NotRehearsed(logger, error.Message);
        }
        catch (Exception bug)
        {
            place?.Dispose();
            PodsLog.RehearsalFailed(logger, bug);
        }
    }
}
