using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>One JSON object per line: level, time, scope, message, then the fields as flat keys, then one object per span.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Kept per thread as long as the program; the writer holds managed memory only")]
internal sealed class JsonLogLine : LogLine
{
    /// <summary>Lines go to files and collectors, never into HTML, so only what JSON itself demands is escaped.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private Utf8JsonWriter? _json;
    private LogSpan? _span;

    private Utf8JsonWriter Json => _json ?? throw new InvalidOperationException("The line was not begun");

    public override void Text(string name, string value) => Json.WriteString(name, Cut(value));

    public override void Bare(string name, string value) => Text(name, value);

    public override void Number(string name, long value) => Json.WriteNumber(name, value);

    public override void End()
    {
        Span(_span);
        _span = null;
        Json.WriteEndObject();
        Json.Flush();
        Buffer.GetSpan(1)[0] = (byte)'\n';
        Buffer.Advance(1);
    }

    protected override void WriteHead(string level, DateTimeOffset time, string target, string message, LogSpan? span)
    {
        _span = span;
        if (_json is null)
        {
            _json = new Utf8JsonWriter(Buffer, Options);
        }
        else
        {
            _json.Reset(Buffer);
        }

        _json.WriteStartObject();
        _json.WriteString("level", level);
        _json.WriteString("time", time.UtcDateTime.ToString(LogTime.Format, CultureInfo.InvariantCulture));
        _json.WriteString("scope", target);
        _json.WriteString("message", Cut(message));
    }

    /// <summary>The outermost first.</summary>
    private void Span(LogSpan? span)
    {
        if (span is null)
        {
            return;
        }

        Span(span.Parent);
        Json.WriteStartObject(span.Name);
        foreach (LogSpanField field in span.Fields)
        {
            if (field.Text is { } text)
            {
                Text(field.Name, text);
            }
            else
            {
                Number(field.Name, field.Number);
            }
        }

        Json.WriteEndObject();
    }
}
