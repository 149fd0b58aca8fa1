using System.Buffers;
using System.Globalization;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ambient.Kube.Yaml;

/// <summary>Writes one document. Plain scalars follow the core schema of YAML 1.2: <c>yes</c> and <c>on</c> are text.</summary>
internal sealed class YamlJsonWriter(List<ParsingEvent> events, Utf8JsonWriter writer, YamlLimits limits)
{
    private const int MaxQuoted = 64;
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.eE+-");

    /// <summary>Where the node of an anchor starts; -1 while it is not complete, so that it cannot contain itself.</summary>
    private readonly Dictionary<string, int> _anchors = new(StringComparer.Ordinal);

    private int _values;

    public void Write()
    {
        if (events.Count == 0)
        {
            writer.WriteNullValue();
        }
        else
        {
            WriteNode(0, 0);
        }

        writer.Flush();
    }

    /// <returns>The place after the node.</returns>
    private int WriteNode(int index, int depth)
    {
        ParsingEvent start = EventAt(index);
        if (start is not (NodeEvent or AnchorAlias))
        {
            throw YamlDocuments.At(start.Start, "a value was expected here");
        }

        if (++_values > limits.Values)
        {
            throw YamlDocuments.At(start.Start, $"more than {limits.Values} values in one document, aliases counted as often as they are used; split it");
        }

        if (depth > limits.Depth)
        {
            throw YamlDocuments.At(start.Start, $"nested deeper than {limits.Depth} levels");
        }

        string? anchor = start is NodeEvent { Anchor.IsEmpty: false } node ? node.Anchor.Value : null;
        if (anchor is not null)
        {
            _anchors[anchor] = -1;
        }

        int next = start switch
        {
            Scalar scalar => WriteScalar(scalar, index),
            MappingStart => WriteMapping(index + 1, depth),
            SequenceStart => WriteSequence(index + 1, depth),
            _ => WriteAlias((AnchorAlias)start, index, depth),
        };
        if (anchor is not null)
        {
            _anchors[anchor] = index;
        }

        return next;
    }

    // Of some malformed texts the parser gives events that do not belong together.
    private ParsingEvent EventAt(int index) =>
        index < events.Count ? events[index] : throw YamlDocuments.At(events[^1].End, "the text ends inside a value");

    private int WriteMapping(int index, int depth)
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        writer.WriteStartObject();
        while (EventAt(index) is not MappingEnd)
        {
            if (EventAt(index) is not Scalar key)
            {
                throw YamlDocuments.At(EventAt(index).Start, "a key must be text");
            }

            if (key.Value == "<<" && key.Style == ScalarStyle.Plain)
            {
                throw YamlDocuments.At(key.Start, "merge keys are not accepted; write the fields out");
            }

            if (!keys.Add(key.Value))
            {
                throw YamlDocuments.At(key.Start, $"key {Quote(key.Value)} occurs twice; remove one");
            }

            writer.WritePropertyName(Valid(key));
            index = WriteNode(index + 1, depth + 1);
        }

        writer.WriteEndObject();
        return index + 1;
    }

    private int WriteSequence(int index, int depth)
    {
        writer.WriteStartArray();
        while (EventAt(index) is not SequenceEnd)
        {
            index = WriteNode(index, depth + 1);
        }

        writer.WriteEndArray();
        return index + 1;
    }

    private int WriteAlias(AnchorAlias alias, int index, int depth)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out int target) || target < 0)
        {
            throw YamlDocuments.At(alias.Start, $"alias {Quote(alias.Value.Value)} has no anchor before it");
        }

        WriteNode(target, depth + 1);
        return index + 1;
    }

    private int WriteScalar(Scalar scalar, int index)
    {
        bool isText = scalar.Style != ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str";
        if (isText || !WritePlain(scalar.Value))
        {
            writer.WriteStringValue(Valid(scalar));
        }

        return index + 1;
    }

    private bool WritePlain(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                writer.WriteNullValue();
                return true;
            case "true" or "True" or "TRUE":
                writer.WriteBooleanValue(true);
                return true;
            case "false" or "False" or "FALSE":
                writer.WriteBooleanValue(false);
                return true;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            writer.WriteNumberValue(number);
            return true;
        }

        bool looksLikeNumber = char.IsAsciiDigit(text[^1]) && !text.AsSpan().ContainsAnyExcept(NumberCharacters) && text.Contains('.');
        if (looksLikeNumber && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real))
        {
            writer.WriteNumberValue(real);
            return true;
        }

        return false;
    }

    // JSON text is UTF-8: half a surrogate pair has no place in it.
    private static string Valid(Scalar scalar)
    {
        foreach (char character in scalar.Value.AsSpan())
        {
            if (char.IsSurrogate(character))
            {
                return HasLoneSurrogate(scalar.Value)
                    ? throw YamlDocuments.At(scalar.Start, "text with half a surrogate pair is not valid Unicode")
                    : scalar.Value;
            }
        }

        return scalar.Value;
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (int index = 0; index < text.Length; index++)
        {
            if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
            {
                index++;
            }
            else if (char.IsSurrogate(text[index]))
            {
                return true;
            }
        }

        return false;
    }

    private static string Quote(string text)
    {
        string shown = text.Length <= MaxQuoted ? text : string.Concat(text.AsSpan(0, MaxQuoted), "…");
        return $"\"{string.Concat(shown.Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character))}\"";
    }
}
