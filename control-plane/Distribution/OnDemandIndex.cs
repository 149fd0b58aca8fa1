namespace Ambient.ControlPlane.Distribution;

/// <summary>Finds resources by what a node knows of them before it has them: an address, a service's member, its own node.</summary>
internal sealed class OnDemandIndex
{
    private readonly Dictionary<string, HashSet<string>> _byAlias = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _byService = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _byNode = new(StringComparer.Ordinal);

    public void Replace(string name, EncodedResource? before, EncodedResource? after)
    {
        if (before is not null)
        {
            Visit(before, (index, key) => Remove(index, key, name));
        }

        if (after is not null)
        {
            Visit(after, (index, key) => Add(index, key, name));
        }
    }

    public IReadOnlyCollection<string> WithAlias(string alias) => Names(_byAlias, alias);

    public IReadOnlyCollection<string> OfService(string service) => Names(_byService, service);

    public IReadOnlyCollection<string> OnNode(string node) => Names(_byNode, node);

    private void Visit(EncodedResource resource, Action<Dictionary<string, HashSet<string>>, string> visit)
    {
        foreach (string alias in resource.Aliases)
        {
            visit(_byAlias, alias);
        }

        foreach (string service in resource.Services)
        {
            visit(_byService, service);
        }

        if (resource.Node.Length > 0)
        {
            visit(_byNode, resource.Node);
        }
    }

    private static HashSet<string> Names(Dictionary<string, HashSet<string>> index, string key) =>
        index.TryGetValue(key, out HashSet<string>? names) ? names : [];

    private static void Add(Dictionary<string, HashSet<string>> index, string key, string name)
    {
        if (!index.TryGetValue(key, out HashSet<string>? names))
        {
            names = new HashSet<string>(1, StringComparer.Ordinal);
            index.Add(key, names);
        }

        names.Add(name);
    }

    private static void Remove(Dictionary<string, HashSet<string>> index, string key, string name)
    {
        if (index.TryGetValue(key, out HashSet<string>? names) && names.Remove(name) && names.Count == 0)
        {
            index.Remove(key);
        }
    }
}
