using Ambient.Testing.Certs;
using Ambient.UnitTests.Layout;
using Ambient.UnitTests.Redirection;

namespace Ambient.UnitTests.Cli;

public sealed class AnalyzeTests
{
    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    [InlineData("yaml")]
    public async Task Findings_name_the_object_its_place_the_reason_and_what_to_do(string format)
    {
        CliRun run = await CliRun.StartAsync(await File.ReadAllTextAsync(Manifest("shop.yaml")), "analyze", "-f", "-", "-o", format);

        Assert.Equal((1, ""), (run.Code, run.Error));
        GoldenText.Verify($"cli/analyze-shop-{format}.txt", run.Output);
    }

    [Fact]
    public async Task A_policy_of_methods_on_a_service_without_a_waypoint_is_an_error_at_its_line()
    {
        string path = Manifest("shop.yaml");

        CliRun run = await CliRun.StartAsync("", "analyze", "-f", path);

        Assert.Contains($"Error [AncestorNotBound] (AuthorizationPolicy shop/only-get) {path}:20: ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Manifests_that_the_mesh_honours_end_with_0_and_gateways_count_as_deployed()
    {
        CliRun run = await CliRun.StartAsync("", "analyze", "-f", Manifest("waypoint.yaml"));

        Assert.Equal((0, ""), (run.Code, run.Output));
        Assert.Contains("3 objects, all honoured", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_read_with_those_below_it()
    {
        CliRun run = await CliRun.StartAsync("", "analyze", "-f", Path.GetDirectoryName(Manifest("shop.yaml"))!);

        Assert.Equal(1, run.Code);
        Assert.Equal(3, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("a: [", "stdin is not YAML: line ")]
    [InlineData("a: 1\na: 2\n", "key \"a\" occurs twice")]
    public async Task What_is_not_yaml_ends_with_2(string text, string reason)
    {
        CliRun run = await CliRun.StartAsync(text, "analyze", "-f", "-");

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("honoured", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_file_does_not_hide_what_the_others_hold()
    {
        using var folder = new TemporaryDirectory();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "broken.yaml"), "a: [");
        File.Copy(Manifest("shop.yaml"), Path.Combine(folder.Path, "shop.yaml"));

        CliRun run = await CliRun.StartAsync("", "analyze", "-f", folder.Path);

        Assert.Equal(2, run.Code);
        Assert.Contains("broken.yaml is not YAML", run.Error, StringComparison.Ordinal);
        Assert.Contains("AncestorNotBound", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name: x\n", "Error [InvalidManifest] stdin:1: it has no apiVersion and kind")]
    [InlineData("---\n\napiVersion: v1\nkind: Service\nmetadata: {namespace: a}\n", "Error [InvalidManifest] (Service) stdin:3: it has no metadata.name")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: {}}\n", "Error [InvalidManifest] (Service a) stdin:1: $.spec.ports")]
    [InlineData("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n", "Error [Duplicate] (Namespace a) stdin:5: it is in stdin:1 too")]
    [InlineData(
        "apiVersion: security.istio.io/v1beta1\nkind: AuthorizationPolicy\nmetadata: {name: p}\nspec: {targetRefs: [{kind: Service, name: other}]}\n",
        "Error [TargetNotFound] (AuthorizationPolicy default/p) stdin:1: ")]
    public async Task Objects_that_would_be_refused_are_findings(string text, string line)
    {
        CliRun run = await CliRun.StartAsync(text, "analyze", "-f", "-");

        Assert.Equal(1, run.Code);
        Assert.StartsWith(line, run.Output, StringComparison.Ordinal);
    }

    private static string Manifest(string name) => Path.Combine(RepositoryTree.Root, "tests", "testdata", "manifests", name);
}
