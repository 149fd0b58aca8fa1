using Ambient.ApiServer.Manifests;

namespace Ambient.UnitTests.ApiServer;

public sealed class YamlJsonTests
{
    [Theory]
    [InlineData("a: 1", "{'a':1}")]
    [InlineData("a: '1'", "{'a':'1'}")]
    [InlineData("a: 1.5", "{'a':1.5}")]
    [InlineData("a: 1e3", "{'a':1000.0}")]
    [InlineData("a: 0644", "{'a':420}")]
    [InlineData("a: 0x1F", "{'a':31}")]
    [InlineData("a: -5", "{'a':-5}")]
    [InlineData("a: 1_000", "{'a':1000}")]
    [InlineData("a: 089", "{'a':89.0}")]
    [InlineData("a: yes", "{'a':true}")]
    [InlineData("a: Off", "{'a':false}")]
    [InlineData("a: 'yes'", "{'a':'yes'}")]
    [InlineData("a: !!str 12", "{'a':'12'}")]
    [InlineData("a: ~", "{'a':null}")]
    [InlineData("a:", "{'a':null}")]
    [InlineData("a: 10.96.0.1", "{'a':'10.96.0.1'}")]
    [InlineData("a: 2024-01-02", "{'a':'2024-01-02'}")]
    [InlineData("a: -", "{'a':[null]}")]
    [InlineData("a: [x, {b: c}]", "{'a':['x',{'b':'c'}]}")]
    [InlineData("1: x\ntrue: z", "{'1':'x','true':'z'}")]
    [InlineData("a: &x {b: 1}\nc: *x\nd: *x", "{'a':{'b':1},'c':{'b':1},'d':{'b':1}}")]
    [InlineData("a: |\n  one\n  two\n", "{'a':'one\\ntwo\\n'}")]
    public void Reads_what_kubectl_reads(string text, string expected)
    {
        if (text == "a: -")
        {
            text = "a:\n  -";
        }

        Json.AssertSame(expected, Assert.Single(YamlJson.Read(text)).Value);
    }

    [Fact]
    public void Finds_each_document_at_its_line_and_leaves_empty_ones_out()
    {
        IReadOnlyList<YamlDocument> documents = YamlJson.Read("# nothing\n---\na: 1\n---\n---\n\nb: 2\n...\n");

        Assert.Equal([3, 7], documents.Select(document => document.Line));
    }

    [Theory]
    [InlineData("a: 1\nb: [", 2)]
    [InlineData("a: 1\na: 2", 2)]
    [InlineData("a: 1\n\tb: 2", 2)]
    [InlineData("a: *none", 1)]
    [InlineData("a: &x [*x]", 1)]
    [InlineData("a: &x {b: 1}\nc:\n  <<: *x", 3)]
    [InlineData("a: 1\n? [b]\n: c", 2)]
    public void Says_in_which_line_it_cannot_go_on(string text, int line) =>
        Assert.Equal(line, Assert.Throws<YamlFormatException>(() => YamlJson.Read(text)).Line);

    [Fact]
    public void Anchors_of_one_document_mean_nothing_in_the_next() =>
        Assert.Throws<YamlFormatException>(() => YamlJson.Read("a: &x 1\n---\nb: *x"));

    [Fact]
    public void Aliases_that_would_fill_the_memory_are_refused()
    {
        string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(Enumerable.Range(1, 12).Select(level => $"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10))}]\n"));

        Assert.Contains("values", Assert.Throws<YamlFormatException>(() => YamlJson.Read(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_that_is_nested_too_deep_is_refused() =>
        Assert.Contains("nested", Assert.Throws<YamlFormatException>(() => YamlJson.Read(new string('[', 500) + new string(']', 500))).Message, StringComparison.Ordinal);
}
