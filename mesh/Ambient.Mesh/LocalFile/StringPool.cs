namespace Ambient.Mesh.LocalFile;

/// <summary>One object per distinct text: namespaces, nodes, hosts and the like repeat in nearly every workload.</summary>
internal sealed class StringPool
{
    private readonly Dictionary<string, string> _strings = new(StringComparer.Ordinal);

    public string Intern(string text)
    {
        if (text.Length == 0)
        {
            return string.Empty;
        }

        if (_strings.TryGetValue(text, out string? known))
        {
            return known;
        }

        _strings.Add(text, text);
        return text;
    }
}
