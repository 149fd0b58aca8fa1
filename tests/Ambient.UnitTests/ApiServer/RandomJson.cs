using System.Text.Json.Nodes;

namespace Ambient.UnitTests.ApiServer;

/// <summary>JSON values drawn from a seed: few names, so that two of them have much in common.</summary>
internal static class RandomJson
{
    private static readonly string[] Names = ["a", "b", "c/d", "e~f", "name", "ports", ""];

    public static JsonObject Object(Random random, int depth = 3, bool withNulls = false)
    {
        JsonObject value = [];
        for (int count = random.Next(4); count > 0; count--)
        {
            value[Names[random.Next(Names.Length)]] = Value(random, depth - 1, withNulls);
        }

        return value;
    }

    public static JsonNode? Value(Random random, int depth, bool withNulls) => random.Next(depth > 0 ? 6 : 4) switch
    {
        0 => random.Next(10),
        1 => random.Next(2) == 0,
        2 => withNulls ? null : "x",
        3 => Names[random.Next(Names.Length)],
        4 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1, withNulls))]),
        _ => Object(random, depth, withNulls),
    };

    /// <summary>The JSON pointers of all values below.</summary>
    public static IEnumerable<string> Pointers(JsonNode? value, string path = "")
    {
        IEnumerable<(string Name, JsonNode? Value)> below = value switch
        {
            JsonObject fields => fields.Select(field => (field.Key, field.Value)),
            JsonArray items => items.Select((item, index) => (index.ToString(System.Globalization.CultureInfo.InvariantCulture), item)),
            _ => [],
        };
        return below.SelectMany(child =>
        {
            string pointer = $"{path}/{child.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            return Pointers(child.Value, pointer).Prepend(pointer);
        });
    }
}
