using System.Globalization;
using System.Text;

namespace Ambient.Bench.Report;

/// <summary>The few SVG elements that the picture needs.</summary>
internal sealed class SvgCanvas
{
    private readonly StringBuilder _body = new();

    public void Rectangle(double x, double y, double width, double height, string colour, double radius = 0) => _body.Append(
        CultureInfo.InvariantCulture,
        $"<rect x=\"{x:F1}\" y=\"{y:F1}\" width=\"{Math.Max(0, width):F1}\" height=\"{height:F1}\" rx=\"{radius:F1}\" fill=\"{colour}\"/>\n");

    public void Line(double x1, double y1, double x2, double y2, string colour, double width = 1, bool dashed = false) => _body.Append(
        CultureInfo.InvariantCulture,
        $"<line x1=\"{x1:F1}\" y1=\"{y1:F1}\" x2=\"{x2:F1}\" y2=\"{y2:F1}\" stroke=\"{colour}\" stroke-width=\"{width:F1}\"{(dashed ? " stroke-dasharray=\"3 3\"" : "")}/>\n");

    public void Circle(double x, double y, double radius, string colour) => _body.Append(
        CultureInfo.InvariantCulture, $"<circle cx=\"{x:F1}\" cy=\"{y:F1}\" r=\"{radius:F1}\" fill=\"{colour}\"/>\n");

    /// <param name="anchor">start, middle or end.</param>
    public void Text(double x, double y, string text, double size, string colour, string anchor = "start", bool bold = false) => _body.Append(
        CultureInfo.InvariantCulture,
        $"<text x=\"{x:F1}\" y=\"{y:F1}\" font-size=\"{size:F1}\" fill=\"{colour}\" text-anchor=\"{anchor}\"{(bold ? " font-weight=\"bold\"" : "")}>{Escape(text)}</text>\n");

    public string Finish(double width, double height) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        <svg xmlns="http://www.w3.org/2000/svg" width="{width:F0}" height="{height:F0}" viewBox="0 0 {width:F0} {height:F0}" font-family="DejaVu Sans, Helvetica, Arial, sans-serif">
        <rect width="100%" height="100%" fill="#ffffff"/>
        {_body}</svg>

        """);

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
