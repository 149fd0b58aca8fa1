using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Ambient.ApiServer.Storage;
using Ambient.Kube.Client;
using Ambient.Kube.Discovery;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;

namespace Ambient.ApiServer.Manifests;

/// <summary>Makes the server have what files say, by the requests that any client would send.</summary>
internal sealed class ManifestWriter(KubernetesClient client)
{
    private const string StatusField = "status";

    // What a server wrote into an object that was read from it: those of another server mean nothing here.
    private static readonly string[] OfServer = ["resourceVersion", "uid", "creationTimestamp", "generation", "selfLink", "managedFields"];

    private static readonly WriteOptions AsManager = new() { FieldManager = "manifests", Force = true, FieldValidation = "Strict" };

    private readonly ApiDiscovery _discovery = new(client);
    private readonly ConcurrentDictionary<(string ApiVersion, string Kind), ResourceType<UntypedObject>> _types = [];
    private readonly ConcurrentDictionary<string, bool> _namespaces = new(StringComparer.Ordinal);

    /// <summary>Forgets what may have changed: which kinds are served, which namespaces are there.</summary>
    public void Forget()
    {
        _types.Clear();
        _namespaces.Clear();
    }

    /// <param name="wanted">What is to be there.</param>
    /// <param name="before">What was applied before; null: nothing.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ManifestException">The server refuses it, or does not know its kind.</exception>
    /// <exception cref="KubernetesException">The server does not answer.</exception>
    public async Task ApplyAsync(ManifestObject wanted, ManifestObject? before, CancellationToken cancellation)
    {
        ResourceType<UntypedObject> type = await FindTypeAsync(wanted, cancellation)
            ?? throw new ManifestException(
                $"{wanted.Place}: no kind {wanted.Kind} of {wanted.ApiVersion} is served; correct apiVersion and kind, or add the CustomResourceDefinition to the folder");
        if (type.Namespaced)
        {
            await EnsureNamespaceAsync(wanted.Namespace, cancellation);
        }

        ObjectName name = new(type.Namespaced ? wanted.Namespace : string.Empty, wanted.Name);
        JsonObject fields = (JsonObject)wanted.Value.DeepClone();
        foreach (string ofServer in OfServer)
        {
            fields.Metadata().Remove(ofServer);
        }

        JsonNode? status = fields[StatusField];
        fields.Remove(StatusField);
        try
        {
            await client.ApplyAsync(type, name, fields, AsManager, cancellation);
            if (status is not null || before?.Value[StatusField] is not null)
            {
                JsonObject withStatus = status is null ? [] : new JsonObject { [StatusField] = status.DeepClone() };
                await client.ApplyAsync(type, name, withStatus, AsManager with { Subresource = StatusField }, cancellation);
            }
        }
        catch (KubernetesException error) when (error.Failure == KubernetesFailure.Refused && (int)error.Code is >= 400 and < 500 and not 429)
        {
            throw new ManifestException($"{wanted.Place}: {wanted.Kind} {wanted.Name} is refused: {error.Status?.Message ?? error.Message}; correct it there", error);
        }

        if (wanted.IsDefinition)
        {
            Forget();
        }
    }

    /// <summary>Removes an object that the files do not have any more.</summary>
    /// <exception cref="KubernetesException">The server does not answer.</exception>
    public async Task DeleteAsync(ManifestObject gone, CancellationToken cancellation)
    {
        if (await FindTypeAsync(gone, cancellation) is not { } type)
        {
            return;
        }

        try
        {
            await client.DeleteAsync(type, new ObjectName(type.Namespaced ? gone.Namespace : string.Empty, gone.Name), cancellation);
        }
        catch (KubernetesException error) when (error.IsNotFound)
        {
            // Somebody else removed it.
            return;
        }
        finally
        {
            if (gone.IsDefinition || gone.IsNamespace)
            {
                Forget();
            }
        }
    }

    private async Task<ResourceType<UntypedObject>?> FindTypeAsync(ManifestObject value, CancellationToken cancellation)
    {
        (string, string) key = (value.ApiVersion, value.Kind);
        if (!_types.TryGetValue(key, out ResourceType<UntypedObject>? type) && await _discovery.FindTypeAsync(value.ApiVersion, value.Kind, cancellation) is { } found)
        {
            _types[key] = type = found;
        }

        return type;
    }

    private async Task EnsureNamespaceAsync(string name, CancellationToken cancellation)
    {
        if (_namespaces.ContainsKey(name))
        {
            return;
        }

        try
        {
            await client.CreateAsync(KubernetesResources.Namespaces, new Namespace { Metadata = new ObjectMeta { Name = name } }, cancellation);
        }
        catch (KubernetesException error) when (error.IsAlreadyExists)
        {
            // As it is most of the time.
        }

        _namespaces[name] = true;
    }
}
