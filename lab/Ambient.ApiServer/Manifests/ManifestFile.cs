using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Manifests;

/// <summary>Reads the objects of one file.</summary>
internal static class ManifestFile
{
    private const string NextStep = "correct it there; until then what the file said before stays in force";

    /// <param name="bytes">What is in it.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="ManifestException">It cannot be read: file, line and what to do.</exception>
    public static IReadOnlyList<ManifestObject> Read(byte[] bytes, string name)
    {
        List<ManifestObject> objects = [];
        foreach (YamlDocument document in Documents(bytes, name))
        {
            Add(objects, document.Value, $"{name}:{document.Line}");
        }

        return objects;
    }

    private static IReadOnlyList<YamlDocument> Documents(byte[] bytes, string name)
    {
        string text = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
        try
        {
            if (!name.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            {
                return YamlJson.Read(text);
            }

            return string.IsNullOrWhiteSpace(text) || Parse(text) is not { } value ? [] : [new YamlDocument(value, 1)];
        }
        catch (YamlFormatException error)
        {
            throw new ManifestException($"{name}:{error.Line}: {error.Message}; {NextStep}", error);
        }
        catch (JsonException error)
        {
            throw new ManifestException($"{name}:{error.LineNumber + 1}: {error.Message}; {NextStep}", error);
        }
        catch (ArgumentException error)
        {
            throw new ManifestException($"{name}:1: {error.Message}; {NextStep}", error);
        }
    }

    private static JsonNode? Parse(string text)
    {
        JsonNode? value = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 128 });

        // The fields of an object are looked at when they are first used: one that is there twice must be found now.
        value?.DeepClone();
        return value;
    }

    private static void Add(List<ManifestObject> objects, JsonNode value, string place)
    {
        if (value is not JsonObject fields)
        {
            throw new ManifestException($"{place}: this is no object with apiVersion, kind and metadata; {NextStep}");
        }

        if (fields.Text("kind") == "List" && fields["items"] is JsonArray items)
        {
            foreach (JsonNode? item in items)
            {
                Add(objects, item?.DeepClone() ?? new JsonObject(), place);
            }

            return;
        }

        ManifestObject read = new(place, fields);
        string? missing = read switch
        {
            { ApiVersion: "" } => "apiVersion",
            { Kind: "" } => "kind",
            { Name: "" } => "metadata.name",
            _ => null,
        };
        objects.Add(missing is null ? read : throw new ManifestException($"{place}: the object has no {missing}; {NextStep}"));
    }
}
