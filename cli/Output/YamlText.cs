using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ambient.Cli.Output;

/// <summary>JSON values as YAML: blocks, with every text quoted that could be taken for anything else.</summary>
internal static class YamlText
{
    private const string Indent = "  ";

    public static void Write(TextWriter output, IReadOnlyList<JsonElement> items)
    {
        if (items.Count == 0)
        {
            output.Write("[]\n");
        }

        foreach (JsonElement item in items)
        {
            output.Write("- ");
            WriteInline(output, item, Indent);
        }
    }

    // The text before it stands on the line already.
    private static void WriteInline(TextWriter output, JsonElement value, string indent)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(output, value, indent);
                break;
            case JsonValueKind.Array:
                WriteArray(output, value, indent);
                break;
            default:
                output.Write(Scalar(value));
                output.Write('\n');
                break;
        }
    }

    private static void WriteObject(TextWriter output, JsonElement value, string indent)
    {
        bool isFirst = true;
        foreach (JsonProperty property in value.EnumerateObject())
        {
            output.Write(isFirst ? "" : indent);
            output.Write(Text(property.Name));
            output.Write(':');
            if (IsBlock(property.Value))
            {
                output.Write($"\n{indent}{Indent}");
                WriteInline(output, property.Value, indent + Indent);
            }
            else
            {
                output.Write(' ');
                WriteInline(output, property.Value, indent);
            }

            isFirst = false;
        }

        output.Write(isFirst ? "{}\n" : "");
    }

    private static void WriteArray(TextWriter output, JsonElement value, string indent)
    {
        bool isFirst = true;
        foreach (JsonElement item in value.EnumerateArray())
        {
            output.Write(isFirst ? "- " : $"{indent}- ");
            WriteInline(output, item, indent + Indent);
            isFirst = false;
        }

        output.Write(isFirst ? "[]\n" : "");
    }

    private static bool IsBlock(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().MoveNext(),
        JsonValueKind.Array => value.GetArrayLength() > 0,
        _ => false,
    };

    private static string Scalar(JsonElement value) => value.ValueKind == JsonValueKind.String ? Text(value.GetString()!) : value.GetRawText();

    private static string Text(string text) => IsPlain(text) ? text : Quote(text);

    // Letters first, and no word that YAML 1.1 or 1.2 reads as a truth or as nothing.
    private static bool IsPlain(string text) =>
        text.Length > 0
        && (char.IsAsciiLetter(text[0]) || text[0] == '/')
        && text[^1] != ':'
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or '/' or ':')
        && text.ToLowerInvariant() is not ("y" or "n" or "yes" or "no" or "on" or "off" or "true" or "false" or "null");

    private static string Quote(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char character in text)
        {
            switch (character)
            {
                case '"' or '\\':
                    quoted.Append('\\').Append(character);
                    break;
                case '\n':
                    quoted.Append("\\n");
                    break;
                case >= ' ' and <= '~':
                    quoted.Append(character);
                    break;
                case < '\u0100':
                    quoted.Append(CultureInfo.InvariantCulture, $"\\x{(int)character:x2}");
                    break;
                default:
                    quoted.Append(char.IsLetterOrDigit(character) || char.IsSurrogate(character)
                        ? character.ToString()
                        : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"));
                    break;
            }
        }

        return quoted.Append('"').ToString();
    }
}
