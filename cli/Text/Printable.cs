using System.Globalization;

namespace Ambient.Cli.Text;

/// <summary>Text of others on a terminal: nothing of it may move the cursor, change colours or turn the direction of writing.</summary>
internal static class Printable
{
    public static string Of(string text)
    {
        foreach (char character in text)
        {
            if (!IsHarmless(character))
            {
                return string.Concat(text.Select(each => IsHarmless(each) ? each : '?'));
            }
        }

        return text;
    }

    private static bool IsHarmless(char character) => char.IsAscii(character)
        ? !char.IsControl(character)
        : CharUnicodeInfo.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
