using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Serving;

/// <summary>Finds the value of a printer column: <c>.a.b</c>, <c>.a[0]</c>, and <c>.conditions[?(@.type=="Ready")].status</c>.</summary>
internal static partial class ColumnPath
{
    public static JsonNode? Find(JsonObject value, string path)
    {
        JsonNode? node = value;
        foreach (Match step in Steps().Matches(path))
        {
            node = (node, step.Groups["name"].Value, step.Groups["index"].Value, step.Groups["field"].Value) switch
            {
                (JsonObject fields, { Length: > 0 } name, _, _) => fields[name],
                (JsonArray items, _, { Length: > 0 } index, _) => items.ElementAtOrDefault(int.Parse(index, System.Globalization.CultureInfo.InvariantCulture)),
                (JsonArray items, _, _, { Length: > 0 } field) => items.OfType<JsonObject>()
                    .FirstOrDefault(item => item.Text(field) == step.Groups["value"].Value),
                _ => null,
            };
        }

        return node is JsonObject or JsonArray ? JsonValue.Create(node.ToJsonString()) : node;
    }

    [GeneratedRegex("""\.(?<name>[^.\[\]]+)|\[(?<index>\d{1,6})\]|\[\?\(@\.(?<field>\w+)\s*==\s*["'](?<value>[^"']*)["']\)\]""")]
    private static partial Regex Steps();
}
