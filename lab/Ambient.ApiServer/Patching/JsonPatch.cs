using System.Globalization;
using System.Text.Json.Nodes;

namespace Ambient.ApiServer.Patching;

/// <summary>JSON patch (RFC 6902): a list of operations that succeed together or not at all.</summary>
public static class JsonPatch
{
    private const int MaxOperations = 10_000;

    /// <param name="target">Not changed.</param>
    /// <param name="patch">The list of operations.</param>
    /// <exception cref="ApiException">422: an operation cannot be done, or a test failed; 400: it is no patch.</exception>
    public static JsonNode Apply(JsonNode target, JsonNode? patch)
    {
        if (patch is not JsonArray operations || operations.Count > MaxOperations)
        {
            throw ApiException.BadRequest($"a JSON patch is a list of at most {MaxOperations} operations");
        }

        JsonNode result = target.DeepClone();
        foreach (JsonNode? operation in operations)
        {
            result = Apply(result, operation as JsonObject ?? throw ApiException.BadRequest("an operation of a JSON patch is an object"));
        }

        return result;
    }

    private static JsonNode Apply(JsonNode root, JsonObject operation)
    {
        string path = Text(operation, "path");
        switch (Text(operation, "op"))
        {
            case "add":
                return Add(root, path, Value(operation));
            case "remove":
                Remove(root, path);
                return root;
            case "replace":
                Find(root, path);
                return Replace(root, path, Value(operation));
            case "move":
                string from = Text(operation, "from");
                JsonNode? moved = Find(root, from)?.DeepClone();
                Remove(root, from);
                return Add(root, path, moved);
            case "copy":
                return Add(root, path, Find(root, Text(operation, "from"))?.DeepClone());
            case "test":
                return JsonNode.DeepEquals(Find(root, path), Value(operation))
                    ? root
                    : throw Impossible($"the test of {path} failed");
            default:
                throw ApiException.BadRequest($"a JSON patch has no operation '{Text(operation, "op")}'");
        }
    }

    private static JsonNode Add(JsonNode root, string path, JsonNode? value)
    {
        if (path.Length == 0)
        {
            return value ?? throw Impossible("the whole object cannot become null");
        }

        (JsonNode parent, string last) = Parent(root, path);
        switch (parent)
        {
            case JsonObject fields:
                fields[last] = value;
                break;
            case JsonArray items when last == "-":
                items.Add(value);
                break;
            case JsonArray items when Index(last, items.Count + 1) is { } index:
                items.Insert(index, value);
                break;
            default:
                throw Impossible($"nothing can be added at {path}");
        }

        return root;
    }

    private static JsonNode Replace(JsonNode root, string path, JsonNode? value)
    {
        if (path.Length == 0)
        {
            return value ?? throw Impossible("the whole object cannot become null");
        }

        (JsonNode parent, string last) = Parent(root, path);
        if (parent is JsonObject fields)
        {
            fields[last] = value;
        }
        else
        {
            JsonArray items = (JsonArray)parent;
            items[Index(last, items.Count)!.Value] = value;
        }

        return root;
    }

    private static void Remove(JsonNode root, string path)
    {
        Find(root, path);
        (JsonNode parent, string last) = Parent(root, path);
        if (parent is JsonObject fields)
        {
            fields.Remove(last);
        }
        else
        {
            JsonArray items = (JsonArray)parent;
            items.RemoveAt(Index(last, items.Count)!.Value);
        }
    }

    private static JsonNode? Find(JsonNode root, string path)
    {
        JsonNode? node = root;
        foreach (string name in Names(path))
        {
            node = node switch
            {
                JsonObject fields when fields.TryGetPropertyValue(name, out JsonNode? field) => field,
                JsonArray items when Index(name, items.Count) is { } index => items[index],
                _ => throw Impossible($"there is nothing at {path}"),
            };
        }

        return node;
    }

    private static (JsonNode Parent, string Last) Parent(JsonNode root, string path)
    {
        int cut = path.LastIndexOf('/');
        if (cut < 0)
        {
            throw Impossible("the whole object cannot be removed");
        }

        return (Find(root, path[..cut]) ?? throw Impossible($"there is nothing at {path[..cut]}"), Unescape(path[(cut + 1)..]));
    }

    private static IEnumerable<string> Names(string path)
    {
        if (path.Length == 0)
        {
            return [];
        }

        return path[0] == '/' ? path[1..].Split('/').Select(Unescape) : throw ApiException.BadRequest($"the path '{path}' does not begin with /");
    }

    private static string Unescape(string name) =>
        name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static int? Index(string text, int limit) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < limit ? index : null;

    private static string Text(JsonObject operation, string name) =>
        operation[name] is JsonValue value && value.TryGetValue(out string? text)
            ? text
            : throw ApiException.BadRequest($"an operation of a JSON patch lacks '{name}'");

    private static JsonNode? Value(JsonObject operation) =>
        operation.TryGetPropertyValue("value", out JsonNode? value)
            ? value?.DeepClone()
            : throw ApiException.BadRequest("an operation of a JSON patch lacks 'value'");

    private static ApiException Impossible(string message) => new(422, "Invalid", $"the server rejected our request due to an error in our request: {message}");
}
