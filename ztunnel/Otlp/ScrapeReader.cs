using System.Globalization;
using System.Text;

namespace Ambient.Ztunnel.Otlp;

/// <summary>
/// Reads the text that our own metrics page serves, so that what is exported is what is scraped, sample for sample. It is not made for the text
/// of others.
/// </summary>
internal static class ScrapeReader
{
    private const string HelpMark = "# HELP ";
    private const string TypeMark = "# TYPE ";

    /// <exception cref="FormatException">The text is not of this program's metrics writer.</exception>
    public static List<ScrapedFamily> Read(ReadOnlySpan<byte> text)
    {
        List<ScrapedFamily> families = [];
        string help = "";
        foreach (string line in Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith(HelpMark, StringComparison.Ordinal))
            {
                help = line[(line.IndexOf(' ', HelpMark.Length) + 1)..];
            }
            else if (line.StartsWith(TypeMark, StringComparison.Ordinal))
            {
                int end = line.IndexOf(' ', TypeMark.Length);
                families.Add(new ScrapedFamily(line[TypeMark.Length..end], line[(end + 1)..], help));
            }
            else if (line[0] != '#')
            {
                families[^1].Samples.Add(Sample(line, families[^1].Name.Length));
            }
        }

        return families;
    }

    private static ScrapedSample Sample(string line, int nameLength)
    {
        int position = line.IndexOfAny(['{', ' ']);
        string suffix = line[nameLength..position];
        List<KeyValuePair<string, string>> labels = [];
        if (line[position] == '{')
        {
            position = Labels(line, position + 1, labels);
        }

        return new ScrapedSample(suffix, labels, double.Parse(line.AsSpan(position + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>Returns where the closing brace is followed by the blank.</summary>
    private static int Labels(string line, int position, List<KeyValuePair<string, string>> labels)
    {
        while (line[position] != '}')
        {
            int equals = line.IndexOf('=', position);
            string name = line[position..equals];
            var value = new StringBuilder();
            for (position = equals + 2; line[position] != '"'; position++)
            {
                bool isEscaped = line[position] == '\\';
                position += isEscaped ? 1 : 0;
                value.Append(isEscaped && line[position] == 'n' ? '\n' : line[position]);
            }

            labels.Add(new KeyValuePair<string, string>(name, value.ToString()));
            position += line[position + 1] == ',' ? 2 : 1;
        }

        return position + 1;
    }
}
