using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ambient.ApiServer.Manifests;

/// <summary>Reads YAML as the JSON that kubectl makes of it. An alias is a copy of what its anchor names.</summary>
public sealed class YamlJson
{
    private const int MaxDepth = 100;
    private const int MaxValues = 5_000_000;

    private readonly Dictionary<string, (JsonNode? Value, int Values)> _anchors = new(StringComparer.Ordinal);
    private readonly Parser _parser;
    private int _values;

    private YamlJson(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>All documents of a text, empty ones left out.</summary>
    /// <exception cref="YamlFormatException">It is no YAML, nested too deep or too large.</exception>
    public static IReadOnlyList<YamlDocument> Read(string text)
    {
        YamlJson reader = new(text);
        try
        {
            return reader.ReadDocuments();
        }
        catch (YamlException error)
        {
            throw new YamlFormatException((int)error.Start.Line, error.Message, error);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            // The scanner itself stumbles over some broken texts.
            throw new YamlFormatException((int)(reader._parser.Current?.Start.Line ?? 1), "this is no YAML", error);
        }
    }

    private List<YamlDocument> ReadDocuments()
    {
        List<YamlDocument> documents = [];
        _parser.Consume<StreamStart>();
        while (_parser.TryConsume<DocumentStart>(out _))
        {
            _anchors.Clear();
            int line = (int)(_parser.Current?.Start.Line ?? 1);
            if (ReadNode(0) is { } document)
            {
                documents.Add(new YamlDocument(document, line));
            }

            _parser.Consume<DocumentEnd>();
        }

        return documents;
    }

    private JsonNode? ReadNode(int depth)
    {
        int line = (int)(_parser.Current?.Start.Line ?? 1);
        int before = _values;
        Count(line, 1);
        if (depth > MaxDepth)
        {
            throw new YamlFormatException(line, $"the document is nested more than {MaxDepth} levels deep");
        }

        if (_parser.TryConsume<AnchorAlias>(out AnchorAlias? alias))
        {
            return ReadAlias(alias, line);
        }

        NodeEvent start = _parser.Consume<NodeEvent>();
        JsonNode? value = start switch
        {
            Scalar scalar => YamlScalar.Read(scalar),
            SequenceStart => ReadSequence(depth),
            MappingStart => ReadMapping(depth),
            _ => throw new YamlFormatException(line, "this is no YAML"),
        };
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor.Value] = (value?.DeepClone(), _values - before);
        }

        return value;
    }

    private JsonNode? ReadAlias(AnchorAlias alias, int line)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out (JsonNode? Value, int Values) named))
        {
            throw new YamlFormatException(line, $"there is no anchor '{alias.Value.Value}' before this alias");
        }

        Count(line, named.Values);
        return named.Value?.DeepClone();
    }

    private JsonArray ReadSequence(int depth)
    {
        JsonArray items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return items;
    }

    private JsonObject ReadMapping(int depth)
    {
        JsonObject fields = [];
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            Scalar name = _parser.Consume<Scalar>();
            if (name.Value == "<<")
            {
                throw new YamlFormatException((int)name.Start.Line, "merge keys ('<<') are not read: write the fields out, or use an alias for a whole value");
            }

            if (!fields.TryAdd(name.Value, ReadNode(depth + 1)))
            {
                throw new YamlFormatException((int)name.Start.Line, $"the field '{name.Value}' is there twice");
            }
        }

        return fields;
    }

    // Aliases count as often as they are used: a few lines could name billions of values.
    private void Count(int line, int values)
    {
        _values += values;
        if (_values > MaxValues)
        {
            throw new YamlFormatException(line, $"the text has more than {MaxValues} values");
        }
    }
}
