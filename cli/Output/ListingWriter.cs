using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ambient.Cli.Text;

namespace Ambient.Cli.Output;

/// <summary>Writes a listing in the form that was asked for.</summary>
internal static class ListingWriter
{
    private const string Gap = "   ";

    private static readonly JsonWriterOptions JsonOptions = new() { Indented = true, Encoder = JavaScriptEncoder.Default };

    public static void Write(TextWriter output, Listing listing, OutputFormat format)
    {
        switch (format)
        {
            case OutputFormat.Json:
                WriteJson(output, listing.Items);
                break;
            case OutputFormat.Yaml:
                YamlText.Write(output, listing.Items);
                break;
            default:
                WriteTable(output, listing, format == OutputFormat.Wide ? listing.Columns.Count : listing.NarrowColumns);
                break;
        }
    }

    /// <summary>An object of its own, so that what is not a listing has its programs' form too.</summary>
    public static JsonElement Item(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> text = new();
        using (Utf8JsonWriter json = new(text))
        {
            write(json);
        }

        using JsonDocument document = JsonDocument.Parse(text.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static void WriteJson(TextWriter output, IReadOnlyList<JsonElement> items)
    {
        ArrayBufferWriter<byte> text = new();
        using (Utf8JsonWriter json = new(text, JsonOptions))
        {
            json.WriteStartArray();
            foreach (JsonElement item in items)
            {
                item.WriteTo(json);
            }

            json.WriteEndArray();
        }

        output.Write(Encoding.UTF8.GetString(text.WrittenSpan));
        output.Write('\n');
    }

    private static void WriteTable(TextWriter output, Listing listing, int columns)
    {
        string[][] rows = [.. listing.Rows.Prepend(listing.Columns).Select(row => row.Take(columns).Select(Cell).ToArray())];
        int[] widths = [.. Enumerable.Range(0, columns).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            output.Write(string.Join(Gap, row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
            output.Write('\n');
        }
    }

    // An empty cell would shift the columns of whoever cuts the line at its gaps.
    private static string Cell(string text) => text.Length == 0 ? "-" : Printable.Of(text);
}
