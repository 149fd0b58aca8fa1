using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.ApiServer.Storage;

/// <summary>Reads the fields that every object has, whatever a client wrote there.</summary>
internal static class JsonAccess
{
    /// <summary>The metadata; made when it is missing or no object.</summary>
    public static JsonObject Metadata(this JsonObject value) => value.Section("metadata");

    /// <summary>An object below another; made when it is missing or no object.</summary>
    public static JsonObject Section(this JsonObject value, string name)
    {
        if (value[name] is JsonObject section)
        {
            return section;
        }

        JsonObject made = [];
        value[name] = made;
        return made;
    }

    /// <summary>A text; "" when it is missing or no text.</summary>
    public static string Text(this JsonObject value, string name) =>
        value[name] is JsonValue text && text.GetValueKind() == JsonValueKind.String ? text.GetValue<string>() : string.Empty;

    /// <summary>A number; 0 when it is missing or no whole number.</summary>
    public static long Number(this JsonObject value, string name) =>
        value[name] is JsonValue number && number.GetValueKind() == JsonValueKind.Number && number.TryGetValue(out long whole) ? whole : 0;

    /// <summary>What is at the end of a path of names; null when anything on the way is missing.</summary>
    public static JsonNode? At(this JsonObject value, params ReadOnlySpan<string> path)
    {
        JsonNode? node = value;
        foreach (string name in path)
        {
            node = (node as JsonObject)?[name];
        }

        return node;
    }
}
