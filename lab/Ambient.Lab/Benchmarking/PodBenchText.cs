using System.Text;
using Ambient.Lab.Benchmarking.Statistics;

namespace Ambient.Lab.Benchmarking;

/// <summary>The report that a person reads.</summary>
public static class PodBenchText
{
    /// <summary>With fewer, the interval cannot be wider than the blocks themselves and holds the truth less often than it says.</summary>
    private const int FewBlocks = 6;

    public static string Write(PodBenchReport report)
    {
        var text = new StringBuilder();
        int width = report.Facts.Select(fact => fact.Name.Length).DefaultIfEmpty(0).Max();
        foreach ((string name, string value) in report.Facts)
        {
            text.Append("  ").Append(name.PadRight(width)).Append("  ").Append(value).Append('\n');
        }

        text.Append('\n');
        foreach (string line in TextTable.Render(["", "enrolled", "not enrolled", "ratio [95 % interval]"], BenchFigure.All.Select(figure => Row(report, figure)), alignRight: true))
        {
            text.Append("  ").Append(line).Append('\n');
        }

        text.Append('\n');
        AppendNotes(text, report);
        return text.ToString();
    }

    private static string[] Row(PodBenchReport report, BenchFigure figure)
    {
        RatioEstimate ratio = report.Ratio(figure);
        string mark = ratio.Blocks > 1 && !ratio.ExcludesOne ? " =" : "";
        return [figure.Title, FigureFormat.Value(report.Median(figure, enrolled: true)), FigureFormat.Value(report.Median(figure, enrolled: false)), $"{FigureFormat.Ratio(ratio)}{mark}"];
    }

    private static void AppendNotes(StringBuilder text, PodBenchReport report)
    {
        text.Append("  Medians over ").Append(report.Accepted.Count).Append(" of ").Append(report.Blocks.Count)
            .Append(" blocks; a ratio is the median of enrolled / not enrolled within a block.");
        text.Append(BenchFigure.All.Any(figure => report.Ratio(figure) is { Blocks: > 1, ExcludesOne: false }) ? " = marks those that may as well be 1.\n" : "\n");
        foreach (IGrouping<string, string> reason in report.Blocks.Select(block => block.RejectedBecause).OfType<string>().GroupBy(reason => reason))
        {
            text.Append("  Rejected: ").Append(reason.Count()).Append(" blocks, ").Append(reason.Key).Append('\n');
        }

        if (report.Accepted.Count < FewBlocks)
        {
            text.Append("  Fewer than ").Append(FewBlocks).Append(" blocks: the intervals are narrower than the truth; use --blocks.\n");
        }
    }
}
