namespace Ambient.Lab.Plans;

/// <summary>Where <c>ip netns</c> keeps named namespaces.</summary>
public static class NamespaceFiles
{
    public const string Directory = "/run/netns";

    public static string PathOf(string name) => $"{Directory}/{name}";

    /// <summary>Names of existing namespaces that begin with <paramref name="prefix"/>.</summary>
    public static IReadOnlyList<string> Find(string prefix)
    {
        var directory = new DirectoryInfo(Directory);
        return directory.Exists
            ? [.. directory.EnumerateFiles().Select(file => file.Name).Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]
            : [];
    }
}
