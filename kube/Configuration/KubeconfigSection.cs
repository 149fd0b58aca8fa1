namespace Ambient.Kube.Configuration;

/// <summary>A part of a kubeconfig that knows its file and its place there, so that every error can name both.</summary>
/// <param name="file">The file it is from; its paths are relative to it.</param>
/// <param name="path">Its place, such as <c>users[web].user</c>.</param>
/// <param name="node">The value; null where it is not written.</param>
internal sealed class KubeconfigSection(string file, string path, YamlNode? node)
{
    public string File => file;

    public string Path => path;

    public bool Exists => IsWritten(node);

    public KubeconfigSection Child(string name)
    {
        KubeconfigSection child = new(file, Join(name), Find(name));
        return child.IsMappingOrAbsent ? child : throw child.Error("must be a mapping");
    }

    /// <summary>The mappings of a list, each with its place.</summary>
    public IEnumerable<KubeconfigSection> Children(string name)
    {
        YamlNode? list = Find(name);
        if (list is { Text: null, Items: null, Fields: null } or null)
        {
            yield break;
        }

        IReadOnlyList<YamlNode> items = list.Items ?? throw ErrorAt(name, "must be a list");
        for (int index = 0; index < items.Count; index++)
        {
            KubeconfigSection child = new(file, $"{Join(name)}[{index}]", items[index]);
            yield return items[index].Fields is not null ? child : throw child.Error("must be a mapping");
        }
    }

    /// <summary>The texts of a list.</summary>
    public IReadOnlyList<string> Texts(string name) => Find(name) switch
    {
        null or { Text: null, Items: null, Fields: null } => [],
        { Items: { } items } => [.. items.Select(item => item.Text ?? throw ErrorAt(name, "must be a list of texts"))],
        _ => throw ErrorAt(name, "must be a list of texts"),
    };

    /// <summary>A text; null where it is not written or empty.</summary>
    public string? Text(string name)
    {
        YamlNode? value = Find(name);
        if (value?.Items is not null || value?.Fields is not null)
        {
            throw ErrorAt(name, "must be a text");
        }

        return string.IsNullOrEmpty(value?.Text) ? null : value.Text;
    }

    public string Required(string name) => Text(name) ?? throw ErrorAt(name, "is missing");

    public bool Flag(string name) => Text(name) switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw ErrorAt(name, "must be true or false"),
    };

    /// <summary>A path, made absolute from the folder of the file.</summary>
    public string? FilePath(string name) =>
        Text(name) is { } relative ? System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file)) ?? "/", relative) : null;

    public byte[]? Base64(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw ErrorAt(name, "is not base64");
        }
    }

    /// <summary>What is wrong with one field of this part. The value is never in the message.</summary>
    public KubernetesConfigurationException ErrorAt(string name, string problem) =>
        new($"{file}: line {(Find(name) ?? node)?.Line ?? 1}: {Join(name)} {problem}.");

    public KubernetesConfigurationException Error(string problem) => new($"{file}: line {node?.Line ?? 1}: {path} {problem}.");

    public bool Has(string name) => IsWritten(Find(name));

    private static bool IsWritten(YamlNode? value) => value is { Fields: not null } or { Items: not null } or { Text: not null };

    private bool IsMappingOrAbsent => node is null or { Text: null, Items: null };

    private YamlNode? Find(string name) => node?.Fields?.GetValueOrDefault(name);

    private string Join(string name) => path.Length == 0 ? name : $"{path}.{name}";
}
