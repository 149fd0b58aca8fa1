using System.Text;

namespace Ambient.Lab.Mesh;

/// <summary>Text as a double-quoted YAML scalar, which needs no knowledge of what YAML would take for something else.</summary>
internal static class YamlText
{
    public static string Quote(string value)
    {
        var text = new StringBuilder("\"");
        foreach (char character in value)
        {
            text.Append(character switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                < ' ' or '\x7f' => $"\\x{(int)character:x2}",
                _ => character.ToString(),
            });
        }

        return text.Append('"').ToString();
    }
}
