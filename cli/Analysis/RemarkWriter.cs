using Ambient.Cli.Output;
using Ambient.Cli.Text;

namespace Ambient.Cli.Analysis;

/// <summary>Writes what was found: a line each, as istioctl does (control-plane-and-cni 9.3), or as a listing.</summary>
internal static class RemarkWriter
{
    private static readonly string[] Columns = ["LEVEL", "CODE", "OBJECT", "PLACE", "MESSAGE"];

    public static void Write(TextWriter output, IReadOnlyList<Remark> remarks, OutputFormat format)
    {
        if (format is OutputFormat.Json or OutputFormat.Yaml)
        {
            ListingWriter.Write(output, new Listing(Columns, Columns.Length, [], [.. remarks.Select(Item)]), format);
            return;
        }

        foreach (Remark remark in remarks)
        {
            string subject = remark.Object.Length == 0 ? "" : $" ({remark.Object})";
            string place = remark.Place.Length == 0 ? "" : $" {remark.Place}:";
            output.WriteLine(Printable.Of($"{remark.Level} [{remark.Code}]{subject}{place} {remark.Message}"));
        }
    }

    private static System.Text.Json.JsonElement Item(Remark remark) => ListingWriter.Item(json =>
    {
        json.WriteStartObject();
        json.WriteString("level", remark.Level.ToLowerInvariant());
        json.WriteString("code", remark.Code);
        json.WriteString("object", remark.Object);
        json.WriteString("place", remark.Place);
        json.WriteString("message", remark.Message);
        json.WriteEndObject();
    });
}
