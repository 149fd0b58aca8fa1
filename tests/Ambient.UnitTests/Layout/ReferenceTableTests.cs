using System.Xml.Linq;

namespace Ambient.UnitTests.Layout;

public sealed class ReferenceTableTests
{
    /// <summary>docs/architecture.md, "Who may reference whom". What is not listed is forbidden.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Ambient.Transport"] = [],
        ["Ambient.Mesh"] = [],
        ["Ambient.Grpc"] = [],
        ["Ambient.Xds"] = ["Ambient.Mesh", "Ambient.Grpc"],
        ["Ambient.Redirection"] = [],
        ["Ambient.Zds"] = [],
        ["Ambient.Tls"] = ["Ambient.Transport"],
        ["Ambient.Hbone"] = ["Ambient.Transport", "Ambient.Tls"],
        ["Ambient.Certs"] = ["Ambient.Mesh", "Ambient.Tls", "Ambient.Grpc"],
        ["Ambient.Kube"] = [],
        ["Ambient.ApiServer"] = ["Ambient.Kube"],
        ["Ambient.ControlPlane"] = ["Ambient.Mesh", "Ambient.Grpc", "Ambient.Xds", "Ambient.Kube", "Ambient.ApiServer"],
        ["Ambient.Lab"] = ["Ambient.Mesh", "Ambient.Transport", "Ambient.Redirection", "Ambient.Zds", "Ambient.Kube", "Ambient.ApiServer"],
        ["Ambient.Cli"] = ["Ambient.Lab", "Ambient.Kube", "Ambient.ControlPlane"],
        ["Ambient.Ztunnel"] =
        [
            "Ambient.Hbone", "Ambient.Transport", "Ambient.Tls", "Ambient.Mesh", "Ambient.Zds", "Ambient.Certs", "Ambient.Grpc", "Ambient.Xds",
        ],
    };

    [Fact]
    public void Every_production_project_references_only_what_the_table_allows()
    {
        List<string> offences = [];
        foreach (string project in RepositoryTree.ProjectFiles.Where(IsProduction))
        {
            string name = Path.GetFileNameWithoutExtension(project);
            if (!Allowed.TryGetValue(name, out string[]? allowed))
            {
                offences.Add($"{name} is not in the table");
                continue;
            }

            offences.AddRange(References(project).Except(allowed).Select(reference => $"{name} must not reference {reference}"));
        }

        Assert.Empty(offences);
    }

    [Fact]
    public void The_table_names_no_project_that_does_not_exist()
    {
        IEnumerable<string> existing = RepositoryTree.ProjectFiles.Select(Path.GetFileNameWithoutExtension).OfType<string>();

        Assert.Empty(Allowed.Keys.Except(existing));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Path.Combine(RepositoryTree.Root, "Ambient.sln"));

        string?[] missing = [.. RepositoryTree.ProjectFiles.Select(Path.GetFileName).Where(name => !solution.Contains(name!, StringComparison.Ordinal))];

        Assert.Empty(missing);
    }

    private static bool IsProduction(string project)
    {
        string relative = RepositoryTree.Relative(project);
        return !relative.StartsWith("tests/", StringComparison.Ordinal) && !relative.StartsWith("bench/", StringComparison.Ordinal);
    }

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
}
