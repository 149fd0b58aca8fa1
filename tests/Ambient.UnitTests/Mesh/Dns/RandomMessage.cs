using System.Collections.Immutable;
using Ambient.Mesh.Dns;

namespace Ambient.UnitTests.Mesh.Dns;

/// <summary>Messages of every shape; names share suffixes, so that compression has something to do.</summary>
internal static class RandomMessage
{
    private static readonly string[] Labels = ["a", "B", "www", "example", "com", "svc", "*", "_x", new('l', 63)];

    public static DnsMessage Make(Random random) => new()
    {
        Header = new DnsHeader((ushort)random.Next(65536), (ushort)(random.Next(65536) & ~DnsHeader.TruncatedFlag)),
        Question = random.Next(4) == 0 ? null : new DnsQuestion(Name(random), (DnsType)random.Next(300), (DnsClass)random.Next(1, 256)),
        Answers = Records(random),
        Authorities = Records(random),
        Additionals = Records(random),
        Edns = random.Next(2) == 0 ? null : new Edns((ushort)random.Next(65536), (byte)random.Next(256), (byte)random.Next(256)),
    };

    private static DnsName Name(Random random) => DnsBytes.Name(string.Join('.', random.GetItems(Labels, random.Next(1, 4))));

    private static ImmutableArray<DnsRecord> Records(Random random) =>
        [.. Enumerable.Range(0, random.Next(5)).Select(_ => Record(random))];

    private static DnsRecord Record(Random random)
    {
        byte[] data = new byte[random.Next(40)];
        random.NextBytes(data);
        return random.Next(3) switch
        {
            0 => DnsRecord.CanonicalName(Name(random), Name(random), (uint)random.Next()),
            1 => new DnsRecord(Name(random), DnsType.Txt, DnsClass.Internet, uint.MaxValue, data),
            _ => new DnsRecord(Name(random), (DnsType)random.Next(1000, 2000), (DnsClass)random.Next(65536), (uint)random.Next(), data),
        };
    }
}
