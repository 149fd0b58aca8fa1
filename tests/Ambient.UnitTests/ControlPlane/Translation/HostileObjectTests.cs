using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation;

namespace Ambient.UnitTests.ControlPlane.Translation;

/// <summary>Whoever may write one object must not stop the translation of all others.</summary>
public sealed class HostileObjectTests
{
    private const int Rounds = 4_000;

    private static readonly JsonNode?[] Values =
    [
        "", "*", "/", "a/b", "**", "-1", "0", "65536", "99999999999999999999", "\u0000\u001b[31m", new string('x', 70_000), "none", "true", "10.0.0.0/33", "::/0", "0.0.0.0/0",
        null, 0, -1, 65536, int.MaxValue, true, new JsonArray(), new JsonObject(),
    ];

    [Fact]
    public void An_object_with_any_value_in_any_field_is_read_and_translated_or_refused_when_read()
    {
        Random random = new(7);
        List<string> documents = [.. Directory.EnumerateDirectories(TranslationCase.Root).Order(StringComparer.Ordinal)
            .SelectMany(folder => new TranslationCase(folder).Documents).Select(document => Encoding.UTF8.GetString(document.Span))];
        MeshTranslator translator = new(new TranslationOptions());
        int translated = 0;
        for (int round = 0; round < Rounds; round++)
        {
            JsonObject document = JsonNode.Parse(documents[random.Next(documents.Count)])!.AsObject();
            for (int edit = random.Next(1, 4); edit > 0; edit--)
            {
                Spoil(document, random);
            }

            try
            {
                ObjectChange change = ObjectChange.Upsert(TranslationCase.Read(Encoding.UTF8.GetBytes(document.ToJsonString())));
                MeshChange mesh = translator.Apply([change]).Mesh;
                Assert.All(mesh.Changed, resource => Assert.NotEmpty(resource.Key.Name));
                translated++;
            }
            catch (JsonException)
            {
                // Refused when read: a field of the wrong kind.
            }
        }

        Assert.InRange(translated, Rounds / 4, Rounds);
        Assert.All(translator.Findings, finding => Assert.DoesNotContain(finding.Message, char.IsControl));
    }

    /// <summary>Replaces one value below <c>spec</c>, <c>status</c> or <c>metadata</c>.</summary>
    private static void Spoil(JsonObject document, Random random)
    {
        JsonNode at = document;
        while (true)
        {
            if (at is JsonObject { Count: > 0 } map)
            {
                string key = map.Select(field => field.Key).Where(name => name != "kind").ElementAt(random.Next(map.Count(field => field.Key != "kind")));
                if (map[key] is null or JsonValue || random.Next(6) == 0)
                {
                    map[key] = Value(random);
                    return;
                }

                at = map[key]!;
            }
            else if (at is JsonArray { Count: > 0 } list)
            {
                int index = random.Next(list.Count);
                if (list[index] is null or JsonValue || random.Next(6) == 0)
                {
                    list[index] = Value(random);
                    return;
                }

                at = list[index]!;
            }
            else
            {
                return;
            }
        }
    }

    private static JsonNode? Value(Random random) => Values[random.Next(Values.Length)]?.DeepClone();
}
