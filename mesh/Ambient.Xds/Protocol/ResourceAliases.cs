namespace Ambient.Xds.Protocol;

/// <summary>
/// The names under which resources came that are not their objects' own, as answers to questions by address do (node-proxy 3.3): they are
/// removed under those names as well. Empty where everything is subscribed to.
/// </summary>
internal sealed class ResourceAliases
{
    private readonly Dictionary<string, string> _ownNames = new(StringComparer.Ordinal);

    /// <param name="name">Of a resource.</param>
    /// <param name="own">Its object's own: a workload's uid, a service's <c>namespace/hostname</c>.</param>
    /// <returns>The own name of the other object that the name stood for until now, if any.</returns>
    public string? Set(string name, string own)
    {
        string? former = Remove(name);
        if (name != own)
        {
            _ownNames.Add(name, own);
        }

        return former == own ? null : former;
    }

    /// <returns>The own name of what it stood for; null when it was nobody's other name.</returns>
    public string? Remove(string name) => _ownNames.Remove(name, out string? own) ? own : null;

    public bool HasOf(string own) => _ownNames.ContainsValue(own);

    /// <returns>The other names that the object had.</returns>
    public List<string> RemoveOf(string own)
    {
        List<string> names = [.. _ownNames.Where(alias => alias.Value == own).Select(alias => alias.Key)];
        names.ForEach(name => _ownNames.Remove(name));
        return names;
    }
}
