using System.Text;

namespace Ambient.Kube.Configuration;

/// <summary>One or more kubeconfig files put together: of two entries with one name the first file's holds, whole.</summary>
internal sealed class Kubeconfig
{
    private const int MaxFileBytes = 4 * 1024 * 1024;

    private readonly Dictionary<string, KubeconfigSection> _clusters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KubeconfigSection> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KubeconfigSection> _contexts = new(StringComparer.Ordinal);

    private Kubeconfig(IReadOnlyList<string> files) => Files = files;

    public IReadOnlyList<string> Files { get; }

    public string? CurrentContext { get; private set; }

    /// <exception cref="KubernetesConfigurationException">A file cannot be read or is not a kubeconfig.</exception>
    public static Kubeconfig Load(IReadOnlyList<string> paths)
    {
        var merged = new Kubeconfig(paths);
        foreach (string path in paths)
        {
            merged.Add(Encoding.UTF8.GetString(ConfigurationFile.Read(path, "kubeconfig", MaxFileBytes)), path);
        }

        return merged;
    }

    /// <summary>A text that is already in memory: a kubeconfig kept in a Secret.</summary>
    /// <param name="text">The kubeconfig.</param>
    /// <param name="origin">What to call it in errors.</param>
    public static Kubeconfig Parse(string text, string origin)
    {
        var single = new Kubeconfig([origin]);
        single.Add(text, origin);
        return single;
    }

    public KubeconfigSection Cluster(string name) => Find(_clusters, name, "cluster");

    public KubeconfigSection User(string name) => Find(_users, name, "user");

    public KubeconfigSection Context(string name) => Find(_contexts, name, "context");

    private void Add(string text, string file)
    {
        if (YamlTreeReader.Read(text, file) is not { } document)
        {
            return;
        }

        KubeconfigSection root = new(file, "", document);
        if (document.Fields is null)
        {
            throw new KubernetesConfigurationException($"{file} is not a kubeconfig: it must be a mapping with clusters, users and contexts.");
        }

        if (root.Text("kind") is { } kind && kind != "Config")
        {
            throw root.ErrorAt("kind", "must be Config");
        }

        CurrentContext ??= root.Text("current-context");
        Collect(root, "clusters", "cluster", _clusters);
        Collect(root, "users", "user", _users);
        Collect(root, "contexts", "context", _contexts);
    }

    private static void Collect(KubeconfigSection root, string list, string content, Dictionary<string, KubeconfigSection> into)
    {
        foreach (KubeconfigSection entry in root.Children(list))
        {
            into.TryAdd(entry.Required("name"), entry.Child(content));
        }
    }

    private KubeconfigSection Find(Dictionary<string, KubeconfigSection> entries, string name, string what) =>
        entries.GetValueOrDefault(name) ?? throw new KubernetesConfigurationException(
            $"{string.Join(", ", Files)}: there is no {what} '{name}'; there are: {(entries.Count == 0 ? "none" : string.Join(", ", entries.Keys.Order()))}.");
}
