using System.Text;
using Ambient.ApiServer.Manifests;

namespace Ambient.UnitTests.ApiServer;

public sealed class ManifestFileTests
{
    [Fact]
    public void Knows_of_each_object_where_it_stands()
    {
        IReadOnlyList<ManifestObject> objects = Read("shop.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n");

        Assert.Equal(["Namespace shop (shop.yaml:1)", "Service web (shop.yaml:5)"], objects.Select(value => value.ToString()));
    }

    [Fact]
    public void A_list_is_the_objects_in_it()
    {
        IReadOnlyList<ManifestObject> objects = Read("all.json", """{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Node","metadata":{"name":"a"}},{"apiVersion":"v1","kind":"Node","metadata":{"name":"b"}}]}""");

        Assert.Equal(["a", "b"], objects.Select(value => value.Name));
    }

    [Theory]
    [InlineData("a.yaml", "kind: Node\nmetadata: {name: x}", "a.yaml:1: the object has no apiVersion")]
    [InlineData("a.yaml", "---\n\nkind: Node\napiVersion: v1", "a.yaml:3: the object has no metadata.name")]
    [InlineData("a.yaml", "apiVersion: v1\nkind: [", "a.yaml:2:")]
    [InlineData("a.yaml", "- 1", "a.yaml:1: this is no object")]
    [InlineData("a.json", "{\n\"a\": }", "a.json:2:")]
    [InlineData("a.json", "{\"a\": 1, \"a\": 2}", "a.json:1:")]
    public void An_error_names_file_and_line_and_what_to_do(string name, string text, string expected)
    {
        ManifestException error = Assert.Throws<ManifestException>(() => Read(name, text));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("correct it there; until then what the file said before stays in force", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.yaml", "")]
    [InlineData("a.yaml", "# only a comment\n---\n")]
    [InlineData("a.json", " \n")]
    public void An_empty_file_has_no_objects(string name, string text) => Assert.Empty(Read(name, text));

    private static IReadOnlyList<ManifestObject> Read(string name, string text) => ManifestFile.Read(Encoding.UTF8.GetBytes(text), name);
}
