using System.Text.Json.Nodes;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Patching;

/// <summary>
/// Strategic merge patch, as kubectl sends it for built-in kinds: a merge patch in which lists of named things are merged by their key, with
/// the directives <c>$patch: delete</c>, <c>$patch: replace</c>, <c>$retainKeys</c> and <c>$deleteFromPrimitiveList</c>.
/// </summary>
public static class StrategicPatch
{
    private const string Directive = "$patch";
    private const string ListDirective = "$deleteFromPrimitiveList/";

    /// <param name="target">Changed in place.</param>
    /// <param name="patch">Not changed.</param>
    public static void Apply(JsonObject target, JsonObject patch)
    {
        if (patch.Text(Directive) == "replace")
        {
            target.Clear();
        }

        Retain(target, patch);
        foreach ((string name, JsonNode? change) in patch)
        {
            if (name.StartsWith(ListDirective, StringComparison.Ordinal))
            {
                Subtract(target, name[ListDirective.Length..], change as JsonArray ?? []);
            }
            else if (!name.StartsWith('$'))
            {
                Set(target, name, change);
            }
        }
    }

    private static void Set(JsonObject target, string name, JsonNode? change)
    {
        switch (change)
        {
            case null:
                target.Remove(name);
                break;
            case JsonObject fields when fields.Text(Directive) == "delete":
                target.Remove(name);
                break;
            case JsonObject fields:
                Apply(target.Section(name), fields);
                break;
            case JsonArray items when MergeKeys.Of(name, items) is { } key:
                target[name] = Merge(target[name] as JsonArray ?? [], items, key);
                break;
            default:
                target[name] = change.DeepClone();
                break;
        }
    }

    private static JsonArray Merge(JsonArray before, JsonArray changes, string key)
    {
        if (changes.Any(change => change is JsonObject item && item.Text(Directive) == "replace" && item[key] is null))
        {
            return [.. changes.OfType<JsonObject>().Where(item => item[key] is not null).Select(item => item.DeepClone())];
        }

        JsonArray result = (JsonArray)before.DeepClone();
        foreach (JsonObject change in changes.OfType<JsonObject>())
        {
            JsonObject? same = result.OfType<JsonObject>().FirstOrDefault(item => JsonNode.DeepEquals(item[key], change[key]));
            if (change.Text(Directive) == "delete")
            {
                result.Remove(same);
            }
            else if (same is null)
            {
                JsonObject added = [];
                Apply(added, change);
                result.Add(added);
            }
            else
            {
                Apply(same, change);
            }
        }

        return result;
    }

    private static void Retain(JsonObject target, JsonObject patch)
    {
        if (patch["$retainKeys"] is JsonArray kept)
        {
            HashSet<string> names = [.. kept.OfType<JsonValue>().Select(name => name.ToString())];
            foreach (string name in target.Select(field => field.Key).Where(name => !names.Contains(name)).ToArray())
            {
                target.Remove(name);
            }
        }
    }

    private static void Subtract(JsonObject target, string name, JsonArray values)
    {
        if (target[name] is JsonArray before)
        {
            target[name] = new JsonArray(
                [.. before.Where(item => !values.Any(value => JsonNode.DeepEquals(item, value))).Select(item => item?.DeepClone())]);
        }
    }
}
