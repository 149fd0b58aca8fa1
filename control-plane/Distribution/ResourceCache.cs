namespace Ambient.ControlPlane.Distribution;

/// <summary>The mesh as nodes are given it. One writer publishes; any number of streams read, each at its own pace.</summary>
public sealed class ResourceCache
{
    private const int MaxRemovals = 100_000;

    private readonly Lock _lock = new();
    private readonly OnDemandIndex _index = new();
    private readonly HashSet<Action> _listeners = [];

    /// <summary>Workloads and services.</summary>
    public ResourceLog Addresses { get; } = new(MaxRemovals);

    public ResourceLog Authorizations { get; } = new(MaxRemovals);

    /// <summary>Publishes a change: of each type, a node sees all of it or nothing.</summary>
    public void Publish(MeshChange change)
    {
        List<(ResourceKey Key, EncodedResource? Content)> addresses = [];
        List<(ResourceKey Key, EncodedResource? Content)> authorizations = [];
        foreach (MeshResource resource in change.Changed)
        {
            Of(resource.Key).Add((resource.Key, ResourceEncoder.Encode(resource)));
        }

        foreach (ResourceKey key in change.Removed)
        {
            Of(key).Add((key, null));
        }

        bool isNews;
        lock (_lock)
        {
            // Policies first: a workload that names one must not be known without it.
            isNews = Authorizations.Publish(authorizations).Count > 0;
            isNews |= PublishAddresses(addresses);
        }

        if (isNews)
        {
            Notify();
        }

        List<(ResourceKey Key, EncodedResource? Content)> Of(ResourceKey key) =>
            key.Kind == ResourceKind.Authorization ? authorizations : addresses;
    }

    /// <summary>Calls <paramref name="listener"/> after each change, until it is taken back. It must return at once.</summary>
    public void Listen(Action listener)
    {
        lock (_listeners)
        {
            _listeners.Add(listener);
        }
    }

    public void Ignore(Action listener)
    {
        lock (_listeners)
        {
            _listeners.Remove(listener);
        }
    }

    /// <summary>
    /// What a node gets that asks for a name: the resource of that name or address; with a service, its workloads too
    /// (control-plane-and-cni 5.11). Empty when there is nothing.
    /// </summary>
    public IReadOnlyList<PublishedResource> Lookup(string name)
    {
        lock (_lock)
        {
            HashSet<string> names = [name, .. _index.WithAlias(name)];
            foreach (string service in names.ToArray())
            {
                names.UnionWith(_index.OfService(service));
            }

            return Find(names);
        }
    }

    /// <summary>The workloads that run on a node.</summary>
    public IReadOnlyList<PublishedResource> OnNode(string node)
    {
        lock (_lock)
        {
            return node.Length == 0 ? [] : Find(_index.OnNode(node));
        }
    }

    private bool PublishAddresses(List<(ResourceKey Key, EncodedResource? Content)> batch)
    {
        foreach ((ResourceKey key, EncodedResource? content) in batch)
        {
            _index.Replace(key.Name, Addresses.Find(key.Name)?.Content, content);
        }

        return Addresses.Publish(batch).Count > 0;
    }

    private List<PublishedResource> Find(IEnumerable<string> names) => [.. names.Select(Addresses.Find).OfType<PublishedResource>()];

    private void Notify()
    {
        lock (_listeners)
        {
            foreach (Action listener in _listeners)
            {
                listener();
            }
        }
    }
}
