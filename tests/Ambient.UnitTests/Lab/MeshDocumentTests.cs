using Ambient.Lab.Mesh;
using Ambient.Lab.Plans;
using Ambient.Lab.Specs;
using Ambient.Mesh.LocalFile;
using Ambient.UnitTests.Redirection;

namespace Ambient.UnitTests.Lab;

/// <summary>What the lab writes is what ztunnel reads.</summary>
public sealed class MeshDocumentTests
{
    private static readonly LabPlan Plan = LabPlan.Build(DefaultLab.Build("demo"), new LabSubnet(0));

    private static readonly MeshPolicies Policies = new(
    [
        PolicySpec.Strict,
        new PolicySpec("only-another", DefaultLab.Namespace, PolicyScope.Namespace, PolicyAction.Allow) { Principals = ["cluster.local/ns/demo/sa/another"] },
    ])
    {
        Selected = new Dictionary<string, string> { [DefaultLab.Web] = PolicySpec.Strict.Key },
    };

    [Fact]
    public void The_default_lab_with_policies() => GoldenText.Verify("lab/mesh.yaml", MeshDocument.Render(Plan, Policies));

    [Fact]
    public void The_pods_of_a_node() =>
        GoldenText.Verify("lab/pods.yaml", PodListDocument.Render(Plan.Pods.Where(pod => pod.Spec.Enrolled && pod.Node.Name == DefaultLab.NodeB)));

    [Fact]
    public void Is_accepted_by_the_reader_of_mesh_files()
    {
        LocalFileResult result = LocalFileParser.Parse(MeshDocument.Render(Plan, Policies), DefaultLab.NodeA);

        Assert.Empty(result.Errors);
    }

    [Fact]
    public void A_lab_without_anything_is_accepted_too()
    {
        LabPlan empty = LabPlan.Build(new LabSpec("empty", [new NodeSpec("n", [])], [], []), new LabSubnet(0));

        Assert.Empty(LocalFileParser.Parse(MeshDocument.Render(empty, MeshPolicies.None), "n").Errors);
        Assert.Equal("[]\n", PodListDocument.Render([]));
    }

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    [InlineData("tab\tnew\nline", "\"tab\\x09new\\x0aline\"")]
    [InlineData("no: {yes}", "\"no: {yes}\"")]
    public void Quotes_text_that_yaml_would_take_for_something_else(string value, string expected) => Assert.Equal(expected, YamlText.Quote(value));
}
