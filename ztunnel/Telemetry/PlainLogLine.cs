using System.Buffers;
using System.Globalization;
using System.Text;

namespace Ambient.Ztunnel.Telemetry;

/// <summary><c>time TAB level TAB target:span{k=v} TAB message TAB k=v k=v</c>.</summary>
internal sealed class PlainLogLine : LogLine
{
    private static readonly SearchValues<char> Special = SearchValues.Create(
        [.. "\"\\\u2028\u2029", .. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Select(code => (char)code)]);

    private bool _hasField;

    public override void Text(string name, string value)
    {
        Name(name);
        Append('"');
        Escaped(Cut(value));
        Append('"');
    }

    /// <summary>Quoted after all when a space or an equals sign in the value could pass for another field.</summary>
    public override void Bare(string name, string value)
    {
        if (value.AsSpan().IndexOfAny(' ', '=') >= 0)
        {
            Text(name, value);
            return;
        }

        Name(name);
        Escaped(Cut(value));
    }

    public override void Number(string name, long value)
    {
        Name(name);
        Digits(value);
    }

    private void Digits(long value)
    {
        Span<byte> digits = Buffer.GetSpan(20);
        value.TryFormat(digits, out int written, provider: CultureInfo.InvariantCulture);
        Buffer.Advance(written);
    }

    public override void End() => Append('\n');

    protected override void WriteHead(string level, DateTimeOffset time, string target, string message, LogSpan? span)
    {
        _hasField = false;
        time.UtcDateTime.TryFormat(Buffer.GetSpan(32), out int written, LogTime.Format, CultureInfo.InvariantCulture);
        Buffer.Advance(written);
        Append('\t');
        Encoding.UTF8.GetBytes(level, Buffer);
        Append('\t');
        Encoding.UTF8.GetBytes(LogTargets.Printed(target), Buffer);
        Span(span);
        Append('\t');
        Escaped(Cut(message));
    }

    /// <summary>The outermost first.</summary>
    private void Span(LogSpan? span)
    {
        if (span is null)
        {
            return;
        }

        Span(span.Parent);
        Append(':');
        Encoding.UTF8.GetBytes(span.Name, Buffer);
        Append('{');
        bool isFirst = true;
        foreach (LogSpanField field in span.Fields)
        {
            if (!isFirst)
            {
                Append(' ');
            }

            isFirst = false;
            Encoding.UTF8.GetBytes(field.Name, Buffer);
            Append('=');
            if (field.Text is { } text)
            {
                Escaped(Cut(text));
            }
            else
            {
                Digits(field.Number);
            }
        }

        Append('}');
    }

    private void Name(string name)
    {
        Append(_hasField ? ' ' : '\t');
        _hasField = true;
        Encoding.UTF8.GetBytes(name, Buffer);
        Append('=');
    }

    /// <summary>No value can end the line, forge a field, or send a control sequence to a terminal.</summary>
    private void Escaped(ReadOnlySpan<char> value)
    {
        while (!value.IsEmpty)
        {
            int special = value.IndexOfAny(Special);
            ReadOnlySpan<char> clean = special < 0 ? value : value[..special];
            Encoding.UTF8.GetBytes(clean, Buffer);
            if (special < 0)
            {
                return;
            }

            string escape = value[special] switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                char other => $"\\u{{{(int)other:x}}}",
            };
            Encoding.UTF8.GetBytes(escape, Buffer);
            value = value[(special + 1)..];
        }
    }

    private void Append(char character)
    {
        Buffer.GetSpan(1)[0] = (byte)character;
        Buffer.Advance(1);
    }
}
