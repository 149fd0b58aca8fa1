using System.Text;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>Builds <c>name="value",…</c> with OpenMetrics escaping.</summary>
internal sealed class LabelText
{
    private const string Unknown = "unknown";
    private readonly StringBuilder _text = new();

    /// <summary>A missing or empty value prints <c>unknown</c>.</summary>
    public void Add(string name, string? value)
    {
        if (_text.Length > 0)
        {
            _text.Append(',');
        }

        _text.Append(name).Append("=\"");
        foreach (char character in string.IsNullOrEmpty(value) ? Unknown : value)
        {
            _ = character switch
            {
                '\\' => _text.Append(@"\\"),
                '"' => _text.Append("\\\""),
                '\n' => _text.Append(@"\n"),
                _ => _text.Append(character),
            };
        }

        _text.Append('"');
    }

    public override string ToString() => _text.ToString();
}
