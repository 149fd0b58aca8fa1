using System.Text.Json.Nodes;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Serving;

/// <summary>The kinds that are served: the built-in ones, and those of custom resource definitions.</summary>
public sealed class KindCatalogue
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ServedKind> _kinds = new(StringComparer.Ordinal);

    public KindCatalogue()
    {
        foreach (ServedKind kind in BuiltInKinds.All)
        {
            Add(kind);
        }
    }

    public IReadOnlyList<ServedKind> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _kinds.Values.OrderBy(kind => kind.Group, StringComparer.Ordinal).ThenBy(kind => kind.Plural, StringComparer.Ordinal)];
            }
        }
    }

    public ServedKind? Find(string group, string version, string plural)
    {
        lock (_lock)
        {
            return _kinds.GetValueOrDefault(Key(group, version, plural));
        }
    }

    public ServedKind? FindByKind(string apiVersion, string kind)
    {
        lock (_lock)
        {
            return _kinds.Values.FirstOrDefault(served => served.ApiVersion == apiVersion && served.Kind == kind);
        }
    }

    public void Add(ServedKind kind)
    {
        lock (_lock)
        {
            _kinds[Key(kind.Group, kind.Version, kind.Plural)] = kind;
        }
    }

    /// <summary>Serves what a definition says, in all its versions; what it said before is served no more.</summary>
    /// <exception cref="ApiException">422: it is no definition.</exception>
    public void Define(JsonObject definition)
    {
        IReadOnlyList<ServedKind> defined = CustomKind.Read(definition);
        lock (_lock)
        {
            Withdraw(definition.Metadata().Text("name"));
            foreach (ServedKind kind in defined)
            {
                _kinds[Key(kind.Group, kind.Version, kind.Plural)] = kind;
            }
        }
    }

    /// <summary>Serves a definition's kinds no more.</summary>
    /// <param name="name"><c>plural.group</c>.</param>
    public void Withdraw(string name)
    {
        lock (_lock)
        {
            foreach ((string key, ServedKind kind) in _kinds.ToArray())
            {
                if (kind.IsCustom && kind.GroupResource == name)
                {
                    _kinds.Remove(key);
                }
            }
        }
    }

    private static string Key(string group, string version, string plural) => $"{group}/{version}/{plural}";
}
