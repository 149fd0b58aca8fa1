using System.Buffers.Binary;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Otlp;

/// <summary>
/// Writes <c>ExportTraceServiceRequest</c> messages (opentelemetry-proto 1.x, trace/v1/trace.proto). A span's attributes are the fields of its
/// connection's access line.
/// </summary>
internal sealed class SpanEncoder(OtlpResource resource)
{
    private const int SpanField = 2;
    private const int ServerKind = 2;
    private const int ClientKind = 3;
    private const int ErrorStatus = 2;

    /// <summary>Field numbers of <c>Span</c>.</summary>
    private const int TraceId = 1;
    private const int SpanId = 2;
    private const int ParentSpanId = 4;
    private const int Name = 5;
    private const int Kind = 6;
    private const int StartTime = 7;
    private const int EndTime = 8;
    private const int Attributes = 9;
    private const int Status = 15;

    public void Encode(IReadOnlyList<ConnectionSpan> spans, ProtobufWriter writer)
    {
        (int Outer, int Scoped) opened = resource.Open(writer);
        foreach (ConnectionSpan span in spans)
        {
            int start = writer.Begin(SpanField);
            Write(span, span.Description!, writer);
            writer.End(start);
        }

        OtlpResource.Close(writer, opened);
    }

    private static void Write(ConnectionSpan span, ConnectionDescription connection, ProtobufWriter writer)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(id, span.Context.TraceId);
        writer.Bytes(TraceId, id);
        WriteSpanId(SpanId, span.Context.SpanId, writer);
        if (span.ParentSpanId != 0)
        {
            WriteSpanId(ParentSpanId, span.ParentSpanId, writer);
        }

        writer.Text(Name, AccessLogEntry.NameOf(connection.Direction));
        writer.Number(Kind, connection.Direction == TrafficDirection.Outbound ? ClientKind : ServerKind);
        writer.Fixed(StartTime, OtlpTime.Nanoseconds(span.Started));
        writer.Fixed(EndTime, OtlpTime.Nanoseconds(span.Started + span.Totals.Duration));
        new AccessLogEntry("", connection, span.Totals, span.Failure).WriteTo(new OtlpAttributes(writer, Attributes));
        if (span.Failure.Flag != ResponseFlag.None)
        {
            int status = writer.Begin(Status);
            writer.Text(2, ResponseFlags.Label(span.Failure.Flag));
            writer.Number(3, ErrorStatus);
            writer.End(status);
        }
    }

    private static void WriteSpanId(int field, ulong value, ProtobufWriter writer)
    {
        Span<byte> id = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(id, value);
        writer.Bytes(field, id);
    }
}
