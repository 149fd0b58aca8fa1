using System.Text.Json;

namespace Ambient.Cli.Dumps;

/// <summary>Reads what may be missing or of another kind: a dump can be of any version, and of any proxy.</summary>
internal static class JsonText
{
    /// <summary>The text or number under a key; "" when there is none.</summary>
    public static string Text(this JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out JsonElement value) ? value.AsText() : "";

    public static string AsText(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "",
    };

    /// <summary>A whole number under a key; 0 when there is none.</summary>
    public static long Number(this JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(key, out JsonElement value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out long number) ? number : 0;

    /// <summary>The elements of a list or the values of a map under a key.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string key)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out JsonElement value))
        {
            return [];
        }

        return value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray(),
            JsonValueKind.Object => value.EnumerateObject().Select(property => property.Value),
            _ => [],
        };
    }

    /// <summary>The object under a key; one without content when there is none.</summary>
    public static JsonElement Child(this JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out JsonElement value) ? value : default;
}
