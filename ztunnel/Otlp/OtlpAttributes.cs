using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Otlp;

/// <summary>Writes fields of the access log as attributes (<c>KeyValue</c> of the OTLP protocol), under the same names.</summary>
internal sealed class OtlpAttributes(ProtobufWriter writer, int field) : LogLine
{
    private const int Key = 1;
    private const int Value = 2;
    private const int StringValue = 1;
    private const int IntValue = 3;

    public override void Text(string name, string value)
    {
        int start = BeginValue(name, out int valueStart);
        writer.Text(StringValue, Cut(value));
        Close(start, valueStart);
    }

    public override void Bare(string name, string value) => Text(name, value);

    public override void Number(string name, long value)
    {
        int start = BeginValue(name, out int valueStart);
        writer.Number(IntValue, value);
        Close(start, valueStart);
    }

    public override void End()
    {
    }

    protected override void WriteHead(string level, DateTimeOffset time, string target, string message, LogSpan? span)
    {
    }

    private int BeginValue(string name, out int valueStart)
    {
        int start = writer.Begin(field);
        writer.Text(Key, name);
        valueStart = writer.Begin(Value);
        return start;
    }

    private void Close(int start, int valueStart)
    {
        writer.End(valueStart);
        writer.End(start);
    }
}
