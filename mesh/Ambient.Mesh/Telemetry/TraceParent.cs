using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;

namespace Ambient.Mesh.Telemetry;

/// <summary>The <c>traceparent</c> of a connection: 16 bytes of trace, 8 of span, no flags (node-proxy 1.3.2).</summary>
public readonly record struct TraceParent(UInt128 TraceId, ulong SpanId, byte Flags)
{
    public const string HeaderName = "traceparent";

    /// <summary>Characters of every value; any other length is not parsed.</summary>
    public const int TextLength = 55;

    private const int SpanStart = 36;
    private const int FlagsStart = 53;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    public static TraceParent CreateRandom(Random random)
    {
        Span<byte> bytes = stackalloc byte[24];
        random.NextBytes(bytes);
        UInt128 trace = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        ulong span = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        return new TraceParent(trace == 0 ? UInt128.One : trace, span == 0 ? 1 : span, 0);
    }

    /// <summary>Takes version 00 only; all-zero ids are invalid by the W3C rules.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TraceParent parent)
    {
        parent = default;
        if (text.Length != TextLength || !text.StartsWith("00-") || text[35] != '-' || text[52] != '-')
        {
            return false;
        }

        ReadOnlySpan<char> trace = text[3..35];
        ReadOnlySpan<char> span = text[SpanStart..52];
        ReadOnlySpan<char> flags = text[FlagsStart..];
        if (trace.ContainsAnyExcept(LowerHex) || span.ContainsAnyExcept(LowerHex) || flags.ContainsAnyExcept(LowerHex))
        {
            return false;
        }

        parent = new TraceParent(
            UInt128.Parse(trace, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            ulong.Parse(span, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            byte.Parse(flags, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        return parent.TraceId != 0 && parent.SpanId != 0;
    }

    public override string ToString() => $"00-{TraceId:x32}-{SpanId:x16}-{Flags:x2}";
}
