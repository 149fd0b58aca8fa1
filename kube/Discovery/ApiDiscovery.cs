using Ambient.Kube.Client;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Discovery;

/// <summary>Asks an API server what it serves.</summary>
public sealed class ApiDiscovery(KubernetesClient client)
{
    /// <summary>Every group, without the core group.</summary>
    /// <exception cref="KubernetesException">There is no answer.</exception>
    public Task<ApiGroupList> ReadGroupsAsync(CancellationToken cancellation) => client.ReadAsync("apis", ClientJson.Default.ApiGroupList, cancellation);

    /// <summary>What one version of a group serves.</summary>
    /// <param name="group">Empty for the core group.</param>
    /// <param name="version">Such as <c>v1</c>.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Null when the version is not served.</returns>
    /// <exception cref="KubernetesException">There is no answer: neither yes nor no.</exception>
    public async Task<ApiResourceList?> FindResourcesAsync(string group, string version, CancellationToken cancellation)
    {
        try
        {
            string path = group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";
            return await client.ReadAsync(path, ClientJson.Default.ApiResourceList, cancellation);
        }
        catch (KubernetesException error) when (error.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Whether a kind can be listed and watched.</summary>
    /// <exception cref="KubernetesException">There is no answer: neither yes nor no.</exception>
    public async Task<bool> IsServedAsync<T>(ResourceType<T> type, CancellationToken cancellation)
        where T : class, IKubernetesObject
    {
        ApiResourceList? served = await FindResourcesAsync(type.Group, type.Version, cancellation);
        return served?.Resources.Any(resource => resource.Name == type.Plural && resource.Verbs.Contains("watch")) == true;
    }

    /// <summary>Finds where objects of a kind live, for objects that only name their kind.</summary>
    /// <param name="apiVersion">Group and version, such as <c>apps/v1</c>.</param>
    /// <param name="kind">Such as <c>Deployment</c>.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Null when it is not served.</returns>
    /// <exception cref="KubernetesException">There is no answer.</exception>
    public async Task<ResourceType<UntypedObject>?> FindTypeAsync(string apiVersion, string kind, CancellationToken cancellation)
    {
        int slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        string group = slash < 0 ? "" : apiVersion[..slash];
        string version = apiVersion[(slash + 1)..];
        ApiResourceList? served = await FindResourcesAsync(group, version, cancellation);
        ApiResource? found = served?.Resources.FirstOrDefault(resource => resource.Kind == kind && !resource.Name.Contains('/', StringComparison.Ordinal));
        return found is null ? null : UntypedObject.TypeOf(group, version, found.Name, kind, found.Namespaced);
    }
}
