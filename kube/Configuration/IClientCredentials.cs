namespace Ambient.Kube.Configuration;

/// <summary>Where credentials come from. Called before every request, so implementations keep what is still good.</summary>
public interface IClientCredentials
{
    /// <exception cref="KubernetesConfigurationException">There is none: the file is gone, the plugin failed.</exception>
    ValueTask<ClientCredential> GetAsync(CancellationToken cancellation);

    /// <summary>The API server answered 401 to this credential: the next call must not return it from memory.</summary>
    void Reject(ClientCredential credential);
}
