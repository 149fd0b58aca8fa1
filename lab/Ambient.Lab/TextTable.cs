namespace Ambient.Lab;

/// <summary>Columns of text, padded to the widest cell.</summary>
internal static class TextTable
{
    private const string Gap = "  ";

    /// <param name="head">Titles of the columns.</param>
    /// <param name="rows">As many cells as the head has.</param>
    /// <param name="alignRight">All columns but the first, as for numbers.</param>
    public static IEnumerable<string> Render(string[] head, IEnumerable<string[]> rows, bool alignRight = false)
    {
        string[][] all = [head, .. rows];
        int[] widths = [.. head.Select((_, column) => all.Max(row => row[column].Length))];
        return all.Select(row => string.Join(Gap, row.Select((cell, column) => alignRight && column > 0 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
    }
}
