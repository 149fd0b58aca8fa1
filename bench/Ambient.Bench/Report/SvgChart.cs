using System.Globalization;
using Ambient.Bench.Systems;
using Ambient.Lab.Benchmarking;

namespace Ambient.Bench.Report;

/// <summary>The picture of one suite: a panel of bars per workload, then the limits of the table with what was measured.</summary>
internal sealed class SvgChart
{
    private const double Width = 1200;
    private const double Margin = 32;
    private const double Gap = 24;
    private const int Columns = 3;
    private const double PanelWidth = (Width - (2 * Margin) - ((Columns - 1) * Gap)) / Columns;
    private const double BarHeight = 15;
    private const double BarPitch = 20;
    private const double LabelWidth = 92;
    private const double ValueWidth = 64;
    private const string Ink = "#1c2733";
    private const string Faint = "#64717f";
    private const string Rule = "#d5dbe1";
    private readonly SvgCanvas _canvas = new();
    private readonly RunReport _report;
    private readonly SuiteReport _suite;
    private double _y = Margin;

    private SvgChart(RunReport report, SuiteReport suite)
    {
        _report = report;
        _suite = suite;
    }

    public static string Draw(RunReport report, SuiteReport suite)
    {
        SvgChart chart = new(report, suite);
        chart.Head();
        chart.Panels();
        chart.Targets();
        chart.Foot();
        return chart._canvas.Finish(Width, chart._y + Margin);
    }

    private void Head()
    {
        _canvas.Text(Margin, _y + 14, $"Encrypted tunnel pairs, {_suite.SuiteName}", 20, Ink, bold: true);
        _canvas.Text(
            Margin, _y + 36,
            $"{Fact("machine")}, kernel {Fact("kernel")}, {Fact("congestion control")}; {_report.BlocksWanted} blocks, {_report.SecondsPerVisit} s per visit; {Fact("placement")}", 12, Faint);
        string? warning = _report.IsNoise ? "NOISE: rejected blocks were kept, no claim"
            : _report.Control.IsVoid ? "VOID: the A/A control failed, ratios are not shown" : null;
        if (warning is not null)
        {
            _canvas.Text(Width - Margin, _y + 14, warning, 13, "#b3261e", "end", bold: true);
        }

        _y += 60;
    }

    private void Panels()
    {
        for (int first = 0; first < _suite.Workloads.Count; first += Columns)
        {
            WorkloadReport[] row = [.. _suite.Workloads.Skip(first).Take(Columns)];
            double height = 34 + (row.Max(workload => workload.Medians.Count) * BarPitch);
            for (int column = 0; column < row.Length; column++)
            {
                Panel(row[column], Margin + (column * (PanelWidth + Gap)));
            }

            _y += height + 14;
        }
    }

    private void Panel(WorkloadReport workload, double x)
    {
        _canvas.Text(x, _y + 12, workload.Spec.Title, 13, Ink, bold: true);
        _canvas.Text(x + PanelWidth, _y + 12, $"{workload.Spec.Unit}, {(workload.Spec.HigherIsBetter ? "more" : "less")} is better", 11, Faint, "end");
        _canvas.Line(x, _y + 19, x + PanelWidth, _y + 19, Rule);
        (string System, double Value)[] bars =
        [
            .. SystemName.Known.Where(workload.Medians.ContainsKey)
                .Select(name => (name, workload.Medians[name].GetValueOrDefault(workload.Spec.Figure, double.NaN))),
        ];

        // The direct path would flatten every other bar: it is cut at the largest of the pairs and says so by its number.
        double largest = bars.Where(bar => bar.System != SystemName.Direct && double.IsFinite(bar.Value)).Select(bar => bar.Value).DefaultIfEmpty(1).Max();
        double scale = (PanelWidth - LabelWidth - ValueWidth) / Math.Max(largest, 1e-9);
        double y = _y + 26;
        foreach ((string system, double value) in bars)
        {
            _canvas.Text(x + LabelWidth - 6, y + 12, SystemName.Title(system), 11, system == SystemName.Ours ? Ink : Faint, "end", system == SystemName.Ours);
            double length = double.IsFinite(value) ? Math.Min(value, largest) * scale : 0;
            _canvas.Rectangle(x + LabelWidth, y, length, BarHeight, Colour(system), 2);
            string label = FigureFormat.Value(value) + (value > largest ? " »" : "");
            _canvas.Text(x + LabelWidth + length + 5, y + 12, label, 11, Ink, bold: system == SystemName.Ours);
            y += BarPitch;
        }
    }

    private void Targets()
    {
        TargetResult[] results = [.. _report.Targets.Where(result => result.Suite == _suite.Suite && result.Verdict != TargetVerdict.NotMeasured)];
        if (results.Length == 0)
        {
            return;
        }

        _canvas.Text(Margin, _y + 14, "Floors and aims: median of the in-block ratios, 95 % interval", 15, Ink, bold: true);
        _canvas.Text(Width - Margin, _y + 14, "as a multiple of the floor; to the right is better", 11, Faint, "end");
        _y += 40;
        const double Left = Margin + 330;
        const double Right = Width - Margin - 230;
        const double Most = 3.0;
        double At(double multiple) => Left + (Math.Clamp(multiple, 0, Most) / Most * (Right - Left));
        double bottom = _y + (results.Length * 24) + 4;
        _canvas.Line(At(1), _y, At(1), bottom, "#b3261e", 1.4);
        _canvas.Text(At(1), _y - 2, "floor", 10, "#b3261e", "middle");
        foreach (TargetResult result in results)
        {
            Target target = result.Target;
            double Multiple(double value) => target.HigherIsBetter ? value / target.Floor : target.Floor / Math.Max(value, 1e-9);
            double y = _y + 16;
            string colour = result.Verdict switch { TargetVerdict.AimMet => "#0b7a4b", TargetVerdict.FloorMet => "#b07a00", _ => "#b3261e" };
            _canvas.Text(Left - 14, y + 4, target.Title, 12, Ink, "end");
            _canvas.Line(Left, y, Right, y, Rule);
            _canvas.Line(At(Multiple(target.Aim)), y - 7, At(Multiple(target.Aim)), y + 7, "#0b7a4b", 2);
            _canvas.Line(At(Multiple(result.Low)), y, At(Multiple(result.High)), y, colour, 3);
            _canvas.Circle(At(Multiple(result.Value)), y, 5, colour);
            string measured = target.Reference is null ? $"{FigureFormat.Value(result.Value)} {target.Unit}" : FigureFormat.Ratio(result.Value, result.Low, result.High);
            string limits = string.Create(CultureInfo.InvariantCulture, $"{measured}   (floor {FigureFormat.Value(target.Floor)}, aim {FigureFormat.Value(target.Aim)})");
            _canvas.Text(Right + 12, y + 4, limits, 11, colour);
            _y += 24;
        }

        _y += 22;
    }

    private void Foot() => _canvas.Text(
        Margin, _y + 10,
        $"{Fact("date")}, commit {Fact("commit")}. » the bar is cut. haproxy and nginx carry one TLS connection per application connection, without HTTP/2. Green tick: aim.", 11, Faint);

    private string Fact(string name) => _report.Facts.GetValueOrDefault(name, "");

    private static string Colour(string system) => system switch
    {
        SystemName.Ours => "#0b7a4b",
        SystemName.OursAgain => "#8cc7ab",
        SystemName.HaproxyTls => "#3b6ea8",
        SystemName.NginxTls => "#7fa3cb",
        SystemName.HaproxyPlain => "#9aa5b1",
        _ => "#cfd6dd",
    };
}
