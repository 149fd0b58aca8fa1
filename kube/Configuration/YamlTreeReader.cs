using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ambient.Kube.Configuration;

/// <summary>Reads the first document of a YAML text as a tree. Aliases are refused: nobody needs them here, and they can grow without end.</summary>
internal static class YamlTreeReader
{
    private const int MaxDepth = 32;

    /// <param name="text">The document.</param>
    /// <param name="file">Its file, for the error.</param>
    /// <returns>The tree; null for an empty text.</returns>
    /// <exception cref="KubernetesConfigurationException">It is not YAML, or deeper than anything of use.</exception>
    public static YamlNode? Read(string text, string file)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                return null;
            }

            return ReadNode(parser, file, depth: 0);
        }
        catch (YamlException error)
        {
            throw new KubernetesConfigurationException($"{file} is not YAML: line {error.Start.Line}: {error.Message}", error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            // The scanner's own checks, reached by text that is no YAML; they know no line.
            throw new KubernetesConfigurationException($"{file} is not YAML: {error.Message}", error);
        }
    }

    private static YamlNode ReadNode(Parser parser, string file, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new KubernetesConfigurationException($"{file}: line {parser.Current?.Start.Line}: nested deeper than {MaxDepth} levels.");
        }

        ParsingEvent? start = parser.Current;
        if (start is not (Scalar or SequenceStart or MappingStart))
        {
            throw new KubernetesConfigurationException($"{file}: line {start?.Start.Line}: aliases (*name) are not supported; write the value out.");
        }

        parser.MoveNext();
        return start switch
        {
            Scalar { Style: ScalarStyle.Plain, Value: "" or "null" or "~" } => new YamlNode { Line = start.Start.Line },
            Scalar scalar => new YamlNode { Text = scalar.Value, Line = start.Start.Line },
            MappingStart => new YamlNode { Fields = ReadFields(parser, file, depth), Line = start.Start.Line },
            _ => new YamlNode { Items = ReadItems(parser, file, depth), Line = start.Start.Line },
        };
    }

    private static List<YamlNode> ReadItems(Parser parser, string file, int depth)
    {
        List<YamlNode> items = [];
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(parser, file, depth + 1));
        }

        return items;
    }

    private static Dictionary<string, YamlNode> ReadFields(Parser parser, string file, int depth)
    {
        Dictionary<string, YamlNode> fields = new(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            YamlNode key = ReadNode(parser, file, depth + 1);
            if (key.Items is not null || key.Fields is not null || !fields.TryAdd(key.Text ?? "", ReadNode(parser, file, depth + 1)))
            {
                throw new KubernetesConfigurationException($"{file}: line {key.Line}: the field '{key.Text}' is there twice, or is not a name.");
            }
        }

        return fields;
    }
}
