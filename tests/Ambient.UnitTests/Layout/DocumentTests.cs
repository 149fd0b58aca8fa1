using System.Text.RegularExpressions;

namespace Ambient.UnitTests.Layout;

public sealed partial class DocumentTests
{
    [Fact]
    public void Every_file_that_a_document_names_exists()
    {
        IEnumerable<string> documents = Directory.EnumerateFiles(Path.Combine(RepositoryTree.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(RepositoryTree.Root, "README.md"));
        List<string> missing = [];
        foreach (string document in documents)
        {
            missing.AddRange(NamedPath().Matches(File.ReadAllText(document)).Select(match => match.Groups[1].Value)
                .Where(path => !File.Exists(Path.Combine(RepositoryTree.Root, path)) && !Directory.Exists(Path.Combine(RepositoryTree.Root, path)))
                .Select(path => $"{RepositoryTree.Relative(document)} names {path}"));
        }

        Assert.Empty(missing);
    }

    /// <summary>A path in back-quotes below one of the repository's folders.</summary>
    [GeneratedRegex(@"`((?:ztunnel|hbone|mesh|certs|ebpf|kube|control-plane|lab|cli|tests|docs|bench)/[A-Za-z0-9_./-]+)`")]
    private static partial Regex NamedPath();
}
