using System.Text;

namespace Ambient.Bench.Report;

/// <summary>Columns aligned with spaces: the first to the left, the others to the right.</summary>
internal sealed class TextTable(params string[] header)
{
    private readonly List<string[]> _rows = [header];

    public void Add(params string[] cells) => _rows.Add(cells);

    public override string ToString()
    {
        int[] widths = [.. Enumerable.Range(0, header.Length).Select(column => _rows.Max(row => column < row.Length ? row[column].Length : 0))];
        StringBuilder text = new();
        for (int index = 0; index < _rows.Count; index++)
        {
            IEnumerable<string> cells = _rows[index].Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            text.Append("  ").Append(string.Join("  ", cells).TrimEnd()).Append('\n');
            if (index == 0)
            {
                text.Append("  ").Append('-', widths.Sum() + (2 * (widths.Length - 1))).Append('\n');
            }
        }

        return text.ToString();
    }
}
