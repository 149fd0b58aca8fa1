using System.Text.Json.Nodes;

namespace Ambient.ApiServer.Patching;

/// <summary>Which fields of an object differ between two states of it.</summary>
internal static class Changes
{
    public static FieldSet Between(JsonObject before, JsonObject after)
    {
        JsonObject changed = [];
        Collect(before, after, changed);
        return FieldSet.Of(changed);
    }

    private static void Collect(JsonObject before, JsonObject after, JsonObject changed)
    {
        foreach (string name in before.Select(field => field.Key).Union(after.Select(field => field.Key)))
        {
            JsonNode? old = before[name];
            JsonNode? now = after[name];
            if (JsonNode.DeepEquals(old, now))
            {
                continue;
            }

            if (old is JsonObject oldFields && now is JsonObject nowFields)
            {
                JsonObject below = [];
                Collect(oldFields, nowFields, below);
                changed[name] = below;
            }
            else if (old is JsonArray && now is JsonArray items && MergeKeys.Of(name, items) is { } key)
            {
                changed[name] = Items((JsonArray)old, items, key);
            }
            else
            {
                changed[name] = (now ?? old)?.DeepClone();
            }
        }
    }

    private static JsonArray Items(JsonArray before, JsonArray after, string key)
    {
        JsonArray changed = [];
        foreach (JsonObject item in after.OfType<JsonObject>())
        {
            JsonObject old = before.OfType<JsonObject>().FirstOrDefault(other => JsonNode.DeepEquals(other[key], item[key])) ?? [];
            if (!JsonNode.DeepEquals(old, item))
            {
                JsonObject below = [];
                Collect(old, item, below);
                below[key] ??= item[key]?.DeepClone();
                changed.Add(below);
            }
        }

        return changed;
    }
}
