using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ambient.ApiServer.Manifests;

/// <summary>Reads YAML as the JSON that Kubernetes makes of it.</summary>
public static class YamlJson
{
    private const int MaxDepth = 100;
    private const int MaxNodes = 2_000_000;

    /// <summary>All documents of a text, empty ones left out.</summary>
    /// <exception cref="FormatException">It is no YAML, nested too deep, too large, or uses aliases.</exception>
    public static IReadOnlyList<JsonNode> Read(string text)
    {
        try
        {
            List<JsonNode> documents = [];
            Parser parser = new(new StringReader(text));
            int nodes = 0;
            parser.Consume<StreamStart>();
            while (parser.TryConsume<DocumentStart>(out _))
            {
                if (ReadNode(parser, 0, ref nodes) is { } document)
                {
                    documents.Add(document);
                }

                parser.Consume<DocumentEnd>();
            }

            return documents;
        }
        catch (YamlException error)
        {
            throw new FormatException($"line {error.Start.Line}, column {error.Start.Column}: {error.Message}", error);
        }
    }

    private static JsonNode? ReadNode(Parser parser, int depth, ref int nodes)
    {
        if (depth > MaxDepth || ++nodes > MaxNodes)
        {
            throw new FormatException($"the document is nested more than {MaxDepth} levels deep, or has more than {MaxNodes} values");
        }

        if (parser.Accept<Scalar>(out _))
        {
            return Value(parser.Consume<Scalar>());
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            JsonArray items = [];
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(ReadNode(parser, depth + 1, ref nodes));
            }

            return items;
        }

        if (parser.TryConsume<MappingStart>(out _))
        {
            JsonObject fields = [];
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                Scalar name = parser.Consume<Scalar>();
                if (!fields.TryAdd(name.Value, ReadNode(parser, depth + 1, ref nodes)))
                {
                    throw new FormatException($"line {name.Start.Line}: the field '{name.Value}' is there twice");
                }
            }

            return fields;
        }

        throw new FormatException("aliases and anchors are not read");
    }

    private static JsonNode? Value(Scalar scalar)
    {
        string text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain)
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => JsonValue.Create(whole),
            _ when IsNumber(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }

    private static bool IsNumber(string text) => text.Any(char.IsAsciiDigit) && text.All(at => char.IsAsciiDigit(at) || at is '.' or '-' or '+' or 'e' or 'E');
}
