using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Schemas;

/// <summary>
/// Checks an object against the schema of its definition, fills in defaults and drops fields that the schema does not know. A library for
/// JSON Schema does none of the last two, nor <c>nullable</c>, <c>x-kubernetes-int-or-string</c> and <c>x-kubernetes-preserve-unknown-fields</c>.
/// </summary>
internal static class StructuralSchema
{
    private const int MaxDepth = 100;

    /// <param name="schema">OpenAPI v3, structural.</param>
    /// <param name="value">Changed: defaults come in, unknown fields go.</param>
    public static SchemaFindings Check(JsonObject schema, JsonObject value)
    {
        SchemaFindings findings = new();
        JsonObject properties = schema.Section("properties");
        foreach ((string name, JsonNode? field) in value.ToArray())
        {
            if (name is not ("apiVersion" or "kind" or "metadata"))
            {
                CheckField(properties, schema, value, name, field, name, findings, 1);
            }
        }

        Complete(schema, value, "", findings, exceptIdentity: true);
        return findings;
    }

    private static void CheckField(
        JsonObject properties, JsonObject schema, JsonObject value, string name, JsonNode? field, string path, SchemaFindings findings, int depth)
    {
        if (properties[name] is JsonObject known)
        {
            Check(known, field, path, findings, depth);
        }
        else if (schema["additionalProperties"] is JsonObject additional)
        {
            Check(additional, field, path, findings, depth);
        }
        else if (!Is(schema, "x-kubernetes-preserve-unknown-fields") && schema["additionalProperties"]?.GetValueKind() != JsonValueKind.True)
        {
            value.Remove(name);
            findings.AddUnknown(path);
        }
    }

    private static void Check(JsonObject schema, JsonNode? value, string path, SchemaFindings findings, int depth)
    {
        if (findings.IsFull)
        {
            return;
        }

        if (depth > MaxDepth)
        {
            findings.Add(path, $"is nested more than {MaxDepth} levels deep");
            return;
        }

        if (value is null)
        {
            if (!Is(schema, "nullable"))
            {
                findings.Add(path, "must not be null");
            }

            return;
        }

        if (!HasType(schema, value))
        {
            findings.Add(path, $"must be of type {schema.Text("type")}");
            return;
        }

        CheckValue(schema, value, path, findings);
        switch (value)
        {
            case JsonObject fields:
                CheckObject(schema, fields, path, findings, depth);
                break;
            case JsonArray items:
                CheckArray(schema, items, path, findings, depth);
                break;
            default:
                break;
        }
    }

    private static void CheckObject(JsonObject schema, JsonObject value, string path, SchemaFindings findings, int depth)
    {
        JsonObject properties = schema["properties"] as JsonObject ?? [];
        foreach ((string name, JsonNode? field) in value.ToArray())
        {
            CheckField(properties, schema, value, name, field, $"{path}.{name}", findings, depth + 1);
        }

        Complete(schema, value, path + ".", findings, exceptIdentity: false);
    }

    private static void Complete(JsonObject schema, JsonObject value, string prefix, SchemaFindings findings, bool exceptIdentity)
    {
        foreach ((string name, JsonNode? property) in schema["properties"] as JsonObject ?? [])
        {
            if (!value.ContainsKey(name) && property is JsonObject known && known["default"] is { } byDefault)
            {
                value[name] = byDefault.DeepClone();
            }
        }

        foreach (JsonValue required in (schema["required"] as JsonArray ?? []).OfType<JsonValue>())
        {
            string name = required.ToString();
            if (!value.ContainsKey(name) && !(exceptIdentity && name is "metadata"))
            {
                findings.Add(prefix + name, "Required value");
            }
        }

        if (Bound(schema, "maxProperties") is { } most && value.Count > most)
        {
            findings.Add(prefix.TrimEnd('.'), $"must have at most {most} fields");
        }
    }

    private static void CheckArray(JsonObject schema, JsonArray items, string path, SchemaFindings findings, int depth)
    {
        if (Bound(schema, "maxItems") is { } most && items.Count > most)
        {
            findings.Add(path, $"must have at most {most} items");
        }

        if (Bound(schema, "minItems") is { } least && items.Count < least)
        {
            findings.Add(path, $"must have at least {least} items");
        }

        if (schema["items"] is JsonObject item)
        {
            for (int index = 0; index < items.Count; index++)
            {
                Check(item, items[index], string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), findings, depth + 1);
            }
        }
    }

    private static void CheckValue(JsonObject schema, JsonNode value, string path, SchemaFindings findings)
    {
        if (schema["enum"] is JsonArray allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value)))
        {
            findings.Add(path, $"Unsupported value: {value.ToJsonString()}: supported values: {string.Join(", ", allowed.Select(one => one?.ToJsonString()))}");
        }

        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                CheckText(schema, value.GetValue<string>(), path, findings);
                break;
            case JsonValueKind.Number:
                CheckNumber(schema, double.Parse(value.ToString(), CultureInfo.InvariantCulture), path, findings);
                break;
            default:
                break;
        }
    }

    private static void CheckText(JsonObject schema, string text, string path, SchemaFindings findings)
    {
        if (Bound(schema, "maxLength") is { } most && text.Length > most)
        {
            findings.Add(path, $"may not be longer than {most}");
        }

        if (Bound(schema, "minLength") is { } least && text.Length < least)
        {
            findings.Add(path, $"must be at least {least} characters long");
        }

        if (schema.Text("pattern") is { Length: > 0 } pattern && !Matches(text, pattern))
        {
            findings.Add(path, $"must match '{pattern}'");
        }
    }

    private static void CheckNumber(JsonObject schema, double number, string path, SchemaFindings findings)
    {
        if (Bound(schema, "minimum") is { } least && number < least)
        {
            findings.Add(path, $"must be at least {least}");
        }

        if (Bound(schema, "maximum") is { } most && number > most)
        {
            findings.Add(path, $"must be at most {most}");
        }
    }

    private static bool HasType(JsonObject schema, JsonNode value)
    {
        if (Is(schema, "x-kubernetes-int-or-string"))
        {
            return value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number;
        }

        return schema.Text("type") switch
        {
            "object" => value is JsonObject,
            "array" => value is JsonArray,
            "string" => value.GetValueKind() == JsonValueKind.String,
            "boolean" => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            "number" => value.GetValueKind() == JsonValueKind.Number,
            "integer" => value.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            _ => true,
        };
    }

    private static bool Is(JsonObject schema, string name) => schema[name]?.GetValueKind() == JsonValueKind.True;

    private static double? Bound(JsonObject schema, string name) =>
        schema[name] is JsonValue bound && bound.GetValueKind() == JsonValueKind.Number
        && double.TryParse(bound.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    // Linear in the text, as the patterns of definitions are meant to be: they hold for whatever a client sends.
    private static bool Matches(string text, string pattern)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
