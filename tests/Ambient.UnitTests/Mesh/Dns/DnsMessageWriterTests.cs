using Ambient.Mesh.Dns;
using Ambient.Testing.Mesh;
using FsCheck;
using FsCheck.Fluent;

namespace Ambient.UnitTests.Mesh.Dns;

public sealed class DnsMessageWriterTests
{
    [Fact]
    public void What_is_written_reads_the_same()
    {
        DnsMessage rich = DnsBytes.Read(DnsBytes.Rich);

        AssertSame(rich, DnsBytes.Read(DnsBytes.Write(rich)));
    }

    [Fact]
    public void Any_message_reads_as_it_was_written() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed =>
        {
            DnsMessage message = RandomMessage.Make(new Random(seed));
            AssertSame(message, DnsBytes.Read(DnsBytes.Write(message)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Names_are_repeated_by_pointer()
    {
        DnsMessage one = Answer(1);
        int each = DnsBytes.Write(Answer(11)).Length - DnsBytes.Write(one).Length;

        Assert.Equal(10 * 16, each);
    }

    [Theory]
    [InlineData(512)]
    [InlineData(1232)]
    public void Leaves_out_what_does_not_fit_and_says_so(int limit)
    {
        DnsMessage large = Answer(200) with { Edns = new Edns(1232) };

        byte[] written = DnsBytes.Write(large, limit);
        DnsMessage read = DnsBytes.Read(written);

        Assert.InRange(written.Length, limit - 16, limit);
        Assert.True(read.Header.IsTruncated);
        Assert.Equal((limit - 12 - 36 - 11) / 16, read.Answers.Length);
        Assert.NotNull(read.Edns);
    }

    [Fact]
    public void Missing_additional_records_are_no_truncation()
    {
        DnsMessage message = Answer(1) with { Additionals = Answer(200).Answers };

        DnsMessage read = DnsBytes.Read(DnsBytes.Write(message, 512));

        Assert.False(read.Header.IsTruncated);
        Assert.Single(read.Answers);
        Assert.InRange(read.Additionals.Length, 1, 199);
    }

    [Fact]
    public void The_longest_question_fits_where_nothing_else_does()
    {
        string label = new('a', 63);
        DnsName longest = DnsBytes.Name($"{label}.{label}.{label}.{new string('b', 61)}");
        DnsMessage message = new()
        {
            Header = default,
            Question = new DnsQuestion(longest, DnsType.A),
            Answers = [new DnsRecord(longest, DnsType.Txt, DnsClass.Internet, 1, new byte[400])],
            Edns = new Edns(512),
        };

        Assert.True(DnsBytes.Read(DnsBytes.Write(message, 512)).Header.IsTruncated);
        Assert.False(DnsBytes.Read(DnsBytes.Write(message, DnsMessageWriter.MostBytes(message))).Header.IsTruncated);
    }

    internal static void AssertSame(DnsMessage expected, DnsMessage actual)
    {
        Assert.Equal(expected.Header, actual.Header);
        Assert.Equal(expected.Question, actual.Question);
        Assert.Equal(expected.Edns, actual.Edns);
        Assert.Equal(Texts(expected), Texts(actual));
    }

    private static IEnumerable<string> Texts(DnsMessage message) =>
        new[] { message.Answers, message.Authorities, message.Additionals }.SelectMany((section, index) => section.Select(record =>
            $"{index} {record.Owner} {record.Type} {record.Class} {record.Ttl} {Convert.ToHexString(record.Data.Span)}"));

    private static DnsMessage Answer(int records) => new()
    {
        Header = new DnsHeader(1, DnsHeader.ResponseFlag),
        Question = new DnsQuestion(DnsBytes.Name("details.ns2.svc.cluster.remote"), DnsType.A),
        Answers =
        [
            .. Enumerable.Range(0, records).Select(index =>
                DnsRecord.Address(DnsBytes.Name("details.ns2.svc.cluster.remote"), TestMesh.Ip($"10.0.{index / 256}.{index % 256}"), 30)),
        ],
    };
}
