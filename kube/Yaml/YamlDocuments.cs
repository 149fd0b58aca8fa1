using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ambient.Kube.Yaml;

/// <summary>Reads YAML as JSON, so that manifests and answers of the API server are read by one set of rules.</summary>
public static class YamlDocuments
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The documents of a text as UTF-8 JSON, empty ones left out.</summary>
    /// <exception cref="YamlFormatException">It is not YAML, or exceeds a limit.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> ToJson(string text, YamlLimits? limits = null) =>
        [.. Read(text, limits).Select(document => document.Json)];

    /// <summary>The documents of a text with their places, empty ones left out.</summary>
    /// <exception cref="YamlFormatException">It is not YAML, or exceeds a limit.</exception>
    public static IReadOnlyList<YamlDocument> Read(string text, YamlLimits? limits = null)
    {
        limits ??= YamlLimits.Default;
        if (text.Length > limits.Characters)
        {
            throw new YamlFormatException($"the text has {text.Length} characters, more than {limits.Characters}; split it");
        }

        List<YamlDocument> documents = [];
        foreach (List<ParsingEvent> events in Documents(text, limits))
        {
            ArrayBufferWriter<byte> buffer = new();
            using (Utf8JsonWriter writer = new(buffer, WriterOptions))
            {
                new YamlJsonWriter(events, writer, limits).Write();
            }

            if (!buffer.WrittenSpan.SequenceEqual("null"u8))
            {
                documents.Add(new YamlDocument(events.Count == 0 ? 1 : events[0].Start.Line, buffer.WrittenMemory));
            }
        }

        return documents;
    }

    private static IEnumerable<List<ParsingEvent>> Documents(string text, YamlLimits limits)
    {
        Parser parser = new(new StringReader(text));
        List<ParsingEvent> document = [];
        while (MoveNext(parser))
        {
            switch (parser.Current)
            {
                case DocumentEnd:
                    yield return document;
                    document = [];
                    break;
                case NodeEvent or AnchorAlias or MappingEnd or SequenceEnd:
                    document.Add(parser.Current);
                    if (document.Count > 2 * limits.Values)
                    {
                        throw At(parser.Current.Start, $"more than {limits.Values} values in one document; split it");
                    }

                    break;
            }
        }
    }

    private static bool MoveNext(Parser parser)
    {
        try
        {
            return parser.MoveNext();
        }
        catch (YamlException error)
        {
            throw At(error.Start, error.Message);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // The scanner reports some malformed text so, without a place.
            throw At(parser.Current?.End ?? Mark.Empty, "not valid YAML after this place");
        }
    }

    internal static YamlFormatException At(Mark place, string reason) => new($"line {place.Line}, column {place.Column}: {reason}");
}
