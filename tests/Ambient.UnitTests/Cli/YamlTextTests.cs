using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.Cli.Output;
using Ambient.Kube.Yaml;
using Ambient.Testing;

namespace Ambient.UnitTests.Cli;

public sealed class YamlTextTests
{
    private const int Rounds = 300;

    private static readonly string[] Words =
    [
        "", "a", "web-0", "yes", "No", "null", "~", "1", "1.5", "0x1f", "-", "- a", "a: b", "a:", "#x", "a #b", "'q'", "\"q\"", "\\", "line\nbreak",
        " lead", "tail ", "\t", "\u0085", "ä", "日本", "😀", "\u001b", "\u2028", "\ufeff", "&a", "*a", "!t", "%", "@", "`", "{", "[", "|", ">", "?", "? a",
        "true", "2026-11-21", "10.0.0.1", "12:30", "...", "---", "=", "<<",
    ];

    [Fact]
    public void Yaml_says_the_same_as_json()
    {
        Random random = new(7);
        for (int round = 0; round < FuzzRounds.Scale(Rounds); round++)
        {
            using JsonDocument value = JsonDocument.Parse(Any(random, 0)?.ToJsonString() ?? "null");
            using StringWriter yaml = new();
            YamlText.Write(yaml, [value.RootElement]);

            IReadOnlyList<ReadOnlyMemory<byte>> read = YamlDocuments.ToJson(yaml.ToString());

            Assert.Single(read);
            JsonNode? list = JsonNode.Parse(read[0].Span);
            Assert.True(
                JsonNode.DeepEquals(JsonNode.Parse($"[{value.RootElement.GetRawText()}]"), list),
                $"round {round}:\n{value.RootElement.GetRawText()}\n{yaml}\n{Encoding.UTF8.GetString(read[0].Span)}");
        }
    }

    private static JsonNode? Any(Random random, int depth) => random.Next(depth > 4 ? 3 : 6) switch
    {
        0 => JsonValue.Create(random.Next(-1000, 1000)),
        1 => random.Next(3) switch { 0 => null, 1 => JsonValue.Create(true), _ => JsonValue.Create(false) },
        2 => JsonValue.Create(Word(random)),
        3 or 4 => new JsonObject(Enumerable.Range(0, random.Next(4))
            .Select(index => KeyValuePair.Create($"{Word(random)}{index.ToString(CultureInfo.InvariantCulture)}", Any(random, depth + 1)))),
        _ => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Any(random, depth + 1))]),
    };

    private static string Word(Random random) => Words[random.Next(Words.Length)] + (random.Next(3) == 0 ? Words[random.Next(Words.Length)] : "");
}
