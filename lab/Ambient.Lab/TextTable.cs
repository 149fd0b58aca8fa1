namespace Ambient.Lab;

/// <summary>Columns of text, padded to the widest cell.</summary>
internal static class TextTable
{
    private const string Gap = "  ";

    public static IEnumerable<string> Render(string[] head, IEnumerable<string[]> rows)
    {
        string[][] all = [head, .. rows];
        int[] widths = [.. head.Select((_, column) => all.Max(row => row[column].Length))];
        return all.Select(row => string.Join(Gap, row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
