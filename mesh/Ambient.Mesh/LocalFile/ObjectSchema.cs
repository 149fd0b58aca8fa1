using System.Collections.Frozen;

namespace Ambient.Mesh.LocalFile;

/// <summary>The keys of one kind of object, how each is read into a draft, and which must be there.</summary>
internal sealed class ObjectSchema<TDraft>(string name, string[] required, Dictionary<string, Action<YamlReader, TDraft>> keys)
{
    private readonly FrozenDictionary<string, Action<YamlReader, TDraft>> _keys = keys.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>With its article, for messages: "a workload".</summary>
    public string Name { get; } = name;

    public IReadOnlyList<string> Required { get; } = required;

    public Action<YamlReader, TDraft>? ReaderOf(string key) => _keys.GetValueOrDefault(key);

    public string KnownKeys => string.Join(", ", _keys.Keys.Order(StringComparer.Ordinal));
}
