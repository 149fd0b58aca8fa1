using Ambient.Mesh.Dns;

namespace Ambient.UnitTests.Mesh.Dns;

/// <summary>Messages for the codec's tests.</summary>
internal static class DnsBytes
{
    public static DnsName Name(string text) =>
        DnsName.TryParse(text, out DnsName name) ? name : throw new ArgumentException($"not a name: {text}", nameof(text));

    public static DnsMessage Query(string name, DnsType type, Edns? edns = null) => new()
    {
        Header = new DnsHeader(0x1234, DnsHeader.RecursionDesiredFlag),
        Question = new DnsQuestion(Name(name), type),
        Edns = edns,
    };

    public static byte[] Write(DnsMessage message, int size = DnsMessage.MaxBytes)
    {
        byte[] buffer = new byte[size];
        return buffer[..DnsMessageWriter.Write(message, buffer)];
    }

    public static DnsMessage Read(ReadOnlySpan<byte> bytes) =>
        DnsMessageReader.TryRead(bytes, out DnsMessage? message) ? message : throw new InvalidDataException(Convert.ToHexString(bytes));

    /// <summary>A header with the counts given, and what follows.</summary>
    public static byte[] Message(byte[] counts, params byte[][] rest) =>
        [0x12, 0x34, 0x81, 0x80, 0, counts[0], 0, counts[1], 0, counts[2], 0, counts[3], .. rest.SelectMany(part => part)];

    /// <summary>A message with every section, compressed names and names in data.</summary>
    public static byte[] Rich { get; } = Message(
        [1, 4, 1, 2],
        Convert.FromHexString("03777777" + "076578616D706C65" + "03636F6D00" + "00010001"),
        Convert.FromHexString("C00C" + "00050001" + "0000003C" + "0006" + "0363646EC010"),
        Convert.FromHexString("C02D" + "00010001" + "0000003C" + "0004" + "01020304"),
        Convert.FromHexString("C010" + "000F0001" + "0000003C" + "0007" + "000A" + "026D78" + "C018"),
        Convert.FromHexString("C00C" + "00100001" + "0000003C" + "0003" + "026869"),
        Convert.FromHexString("C010" + "00060001" + "0000003C" + "0018" + "C010C00C" + "0000000100000002000000030000000400000005"),
        Convert.FromHexString("00" + "0029" + "04D0" + "00000000" + "0000"),
        Convert.FromHexString("C00C" + "001C0001" + "00000E10" + "0010" + "20010DB8000000000000000000000001"));
}
