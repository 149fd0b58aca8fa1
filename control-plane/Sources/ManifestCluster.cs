using Ambient.ApiServer;
using Ambient.ApiServer.Manifests;
using Ambient.Kube.Configuration;

namespace Ambient.ControlPlane.Sources;

/// <summary>A cluster that is a folder: an API server in this process, on loopback, that holds what the files say. All else is as with a real one.</summary>
public sealed class ManifestCluster : IAsyncDisposable
{
    private readonly ApiServerHost _server;
    private readonly ManifestFolder _folder;

    private ManifestCluster(ApiServerHost server, ManifestFolder folder)
    {
        _server = server;
        _folder = folder;
    }

    public KubernetesConfiguration Configuration => new(_server.Address);

    /// <exception cref="ManifestException">There is no such folder.</exception>
    public static async Task<ManifestCluster> StartAsync(string folder, IManifestEvents events, TimeProvider time, CancellationToken cancellation)
    {
        ApiServerHost server = await ApiServerHost.StartAsync(new ApiServerOptions { Time = time });
        try
        {
            ManifestFolderOptions options = new(folder) { Time = time };
            return new ManifestCluster(server, await ManifestFolder.StartAsync(new KubernetesConfiguration(server.Address), options, events, cancellation));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _folder.DisposeAsync();
        await _server.DisposeAsync();
    }
}
