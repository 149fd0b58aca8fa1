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
    private const int MaxCauses = 20;
    private const int MaxDepth = 100;

    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(100);

    /// <param name="schema">OpenAPI v3, structural.</param>
    /// <param name="value">Changed: defaults come in, unknown fields go.</param>
    /// <returns>What is wrong; empty when nothing is.</returns>
    public static IReadOnlyList<(string Field, string Message)> Check(JsonObject schema, JsonObject value)
    {
        List<(string Field, string Message)> causes = [];
        JsonObject properties = schema.Section("properties");
        foreach ((string name, JsonNode? field) in value.ToArray())
        {
            if (name is not ("apiVersion" or "kind" or "metadata"))
            {
                CheckField(properties, schema, value, name, field, name, causes, 1);
            }
        }

        Complete(schema, value, "", causes, exceptIdentity: true);
        return causes;
    }

    private static void CheckField(
        JsonObject properties, JsonObject schema, JsonObject value, string name, JsonNode? field, string path, List<(string Field, string Message)> causes, int depth)
    {
        if (properties[name] is JsonObject known)
        {
            Check(known, field, path, causes, depth);
        }
        else if (schema["additionalProperties"] is JsonObject additional)
        {
            Check(additional, field, path, causes, depth);
        }
        else if (!Is(schema, "x-kubernetes-preserve-unknown-fields") && schema["additionalProperties"]?.GetValueKind() != JsonValueKind.True)
        {
            value.Remove(name);
        }
    }

    private static void Check(JsonObject schema, JsonNode? value, string path, List<(string Field, string Message)> causes, int depth)
    {
        if (causes.Count >= MaxCauses)
        {
            return;
        }

        if (depth > MaxDepth)
        {
            causes.Add((path, $"is nested more than {MaxDepth} levels deep"));
            return;
        }

        if (value is null)
        {
            if (!Is(schema, "nullable"))
            {
                causes.Add((path, "must not be null"));
            }

            return;
        }

        if (!HasType(schema, value))
        {
            causes.Add((path, $"must be of type {schema.Text("type")}"));
            return;
        }

        CheckValue(schema, value, path, causes);
        switch (value)
        {
            case JsonObject fields:
                CheckObject(schema, fields, path, causes, depth);
                break;
            case JsonArray items:
                CheckArray(schema, items, path, causes, depth);
                break;
            default:
                break;
        }
    }

    private static void CheckObject(JsonObject schema, JsonObject value, string path, List<(string Field, string Message)> causes, int depth)
    {
        JsonObject properties = schema["properties"] as JsonObject ?? [];
        foreach ((string name, JsonNode? field) in value.ToArray())
        {
            CheckField(properties, schema, value, name, field, $"{path}.{name}", causes, depth + 1);
        }

        Complete(schema, value, path + ".", causes, exceptIdentity: false);
    }

    private static void Complete(JsonObject schema, JsonObject value, string prefix, List<(string Field, string Message)> causes, bool exceptIdentity)
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
                causes.Add((prefix + name, "Required value"));
            }
        }

        if (schema["maxProperties"] is JsonValue most && value.Count > most.GetValue<int>())
        {
            causes.Add((prefix.TrimEnd('.'), $"must have at most {most} fields"));
        }
    }

    private static void CheckArray(JsonObject schema, JsonArray items, string path, List<(string Field, string Message)> causes, int depth)
    {
        if (schema["maxItems"] is JsonValue most && items.Count > most.GetValue<int>())
        {
            causes.Add((path, $"must have at most {most} items"));
        }

        if (schema["minItems"] is JsonValue least && items.Count < least.GetValue<int>())
        {
            causes.Add((path, $"must have at least {least} items"));
        }

        if (schema["items"] is JsonObject item)
        {
            for (int index = 0; index < items.Count; index++)
            {
                Check(item, items[index], string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), causes, depth + 1);
            }
        }
    }

    private static void CheckValue(JsonObject schema, JsonNode value, string path, List<(string Field, string Message)> causes)
    {
        if (schema["enum"] is JsonArray allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value)))
        {
            causes.Add((path, $"Unsupported value: {value.ToJsonString()}: supported values: {string.Join(", ", allowed.Select(one => one?.ToJsonString()))}"));
        }

        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                CheckText(schema, value.GetValue<string>(), path, causes);
                break;
            case JsonValueKind.Number:
                CheckNumber(schema, double.Parse(value.ToString(), CultureInfo.InvariantCulture), path, causes);
                break;
            default:
                break;
        }
    }

    private static void CheckText(JsonObject schema, string text, string path, List<(string Field, string Message)> causes)
    {
        if (schema["maxLength"] is JsonValue most && text.Length > most.GetValue<int>())
        {
            causes.Add((path, $"may not be longer than {most}"));
        }

        if (schema["minLength"] is JsonValue least && text.Length < least.GetValue<int>())
        {
            causes.Add((path, $"must be at least {least} characters long"));
        }

        if (schema.Text("pattern") is { Length: > 0 } pattern && !Regex.IsMatch(text, pattern, RegexOptions.None, PatternTimeout))
        {
            causes.Add((path, $"must match '{pattern}'"));
        }
    }

    private static void CheckNumber(JsonObject schema, double number, string path, List<(string Field, string Message)> causes)
    {
        if (schema["minimum"] is JsonValue least && number < double.Parse(least.ToString(), CultureInfo.InvariantCulture))
        {
            causes.Add((path, $"must be at least {least}"));
        }

        if (schema["maximum"] is JsonValue most && number > double.Parse(most.ToString(), CultureInfo.InvariantCulture))
        {
            causes.Add((path, $"must be at most {most}"));
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
}
