using System.Text;
using System.Text.Json;
using Ambient.Kube.Yaml;

namespace Ambient.UnitTests.Kube;

public sealed class YamlDocumentsTests
{
    [Theory]
    [InlineData("a: 1\nb: text", """{"a":1,"b":"text"}""")]
    [InlineData("a: \"1\"\nb: '1'", """{"a":"1","b":"1"}""")]
    [InlineData("a: yes\nb: on\nc: true\nd: False", """{"a":"yes","b":"on","c":true,"d":false}""")]
    [InlineData("a:\nb: ~\nc: null", """{"a":null,"b":null,"c":null}""")]
    [InlineData("a: 1.5\nb: 1e3\nc: 1.2.3\nd: -7\ne: .inf", """{"a":1.5,"b":"1e3","c":"1.2.3","d":-7,"e":".inf"}""")]
    [InlineData("8080: {mode: STRICT}", """{"8080":{"mode":"STRICT"}}""")]
    [InlineData("- a\n- [b, {c: d}]\n- []\n- {}", """["a",["b",{"c":"d"}],[],{}]""")]
    [InlineData("a: |\n  x\n  y\nb: >-\n  x\n  y", """{"a":"x\ny\n","b":"x y"}""")]
    [InlineData("a: &x {b: 1}\nc: *x\nd: [*x]", """{"a":{"b":1},"c":{"b":1},"d":[{"b":1}]}""")]
    [InlineData("a: 2026-01-01T00:00:00Z", """{"a":"2026-01-01T00:00:00Z"}""")]
    [InlineData("a: !!str 5", """{"a":"5"}""")]
    [InlineData("a: 99999999999999999999", """{"a":"99999999999999999999"}""")]
    public void A_document_is_read_as_json(string yaml, string json) =>
        Assert.Equal(json, Encoding.UTF8.GetString(Assert.Single(YamlDocuments.ToJson(yaml)).Span));

    [Fact]
    public void Documents_are_told_apart_and_empty_ones_left_out()
    {
        IReadOnlyList<ReadOnlyMemory<byte>> documents = YamlDocuments.ToJson("---\na: 1\n---\n# nothing\n---\nb: 2\n...\n");

        Assert.Equal(["""{"a":1}""", """{"b":2}"""], documents.Select(document => Encoding.UTF8.GetString(document.Span)));
        Assert.Empty(YamlDocuments.ToJson(""));
    }

    [Theory]
    [InlineData("a: [1", "line")]
    [InlineData("a: 1\na: 2", "line 2, column 1: key \"a\" occurs twice")]
    [InlineData("a: *x", "has no anchor before it")]
    [InlineData("a: &x [*x]", "has no anchor before it")]
    [InlineData("b: &x {c: 1}\na:\n  <<: *x", "merge keys are not accepted")]
    [InlineData("? [a]\n: b", "a key must be text")]
    [InlineData("a: b: c", "line 1")]
    public void What_cannot_be_read_is_refused_with_its_place(string yaml, string reason)
    {
        YamlFormatException refusal = Assert.Throws<YamlFormatException>(() => YamlDocuments.ToJson(yaml));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_count_as_often_as_they_are_used()
    {
        StringBuilder yaml = new("a0: &a0 [x, x]\n");
        for (int level = 1; level < 40; level++)
        {
            yaml.Append($"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]\n");
        }

        YamlFormatException refusal = Assert.Throws<YamlFormatException>(() => YamlDocuments.ToJson(yaml.ToString(), new YamlLimits { Values = 10_000 }));

        Assert.Contains("more than 10000 values", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Size_and_depth_have_limits()
    {
        string deep = new string('[', 62) + new string(']', 62);

        Assert.Contains("deeper than 60", Assert.Throws<YamlFormatException>(() => YamlDocuments.ToJson(deep)).Message, StringComparison.Ordinal);
        Assert.Single(YamlDocuments.ToJson(new string('[', 61) + new string(']', 61)));
        Assert.Contains("characters", Assert.Throws<YamlFormatException>(() => YamlDocuments.ToJson("a: 12345", new YamlLimits { Characters = 5 })).Message, StringComparison.Ordinal);
        Assert.Contains("values", Assert.Throws<YamlFormatException>(() => YamlDocuments.ToJson("[1, 2, 3, 4, 5, 6]", new YamlLimits { Values = 3 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_text_is_either_read_as_json_or_refused()
    {
        const string Text = "apiVersion: v1\nkind: Pod\nmetadata: &m\n  name: \"a\\u0041\"\n  labels: {app: web, 'x': ~}\nspec:\n  - *m\n  - |\n    block\n  - 1.5\n---\n? a\n: [b, {c: d}]\n";
        const string Marks = "{}[]:,-&*!|>'\"%@`#?\n\t \\\ud800a0~<";
        Random random = new(20261121);
        int read = 0;
        for (int round = 0; round < 20_000; round++)
        {
            StringBuilder damaged = new(Text);
            for (int edit = random.Next(1, 6); edit > 0; edit--)
            {
                damaged[random.Next(damaged.Length)] = Marks[random.Next(Marks.Length)];
            }

            try
            {
                foreach (ReadOnlyMemory<byte> document in YamlDocuments.ToJson(damaged.ToString()))
                {
                    using JsonDocument parsed = JsonDocument.Parse(document);
                    read++;
                }
            }
            catch (YamlFormatException refusal)
            {
                Assert.StartsWith("line ", refusal.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(read, 100, 40_000);
    }
}
