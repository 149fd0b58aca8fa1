using Ambient.Mesh.Addresses;
using Ambient.Mesh.Dns;

namespace Ambient.UnitTests.Mesh.Dns;

public sealed class DnsMessageReaderTests
{
    [Fact]
    public void Reads_every_section()
    {
        DnsMessage message = DnsBytes.Read(DnsBytes.Rich);

        Assert.Equal(0x1234, message.Header.Id);
        Assert.True(message.Header is { IsResponse: true, IsRecursionDesired: true, IsRecursionAvailable: true, IsTruncated: false });
        Assert.Equal(new DnsQuestion(DnsBytes.Name("www.example.com"), DnsType.A), message.Question);
        Assert.Equal(["www.example.com.", "cdn.example.com.", "example.com.", "www.example.com."], message.Answers.Select(record => record.Owner.ToString()));
        Assert.True(message.Answers[1].TryGetAddress(out MeshIp address));
        Assert.Equal("1.2.3.4", address.ToString());
        Assert.Equal((ushort)1232, message.Edns!.Value.PayloadBytes);
        Assert.Equal("2001:db8::1", Assert.Single(message.Additionals).TryGetAddress(out MeshIp six) ? six.ToString() : "");
    }

    [Fact]
    public void Expands_names_in_data()
    {
        DnsMessage message = DnsBytes.Read(DnsBytes.Rich);

        Assert.Equal("cdn.example.com.", DnsName.OfData(message.Answers[0]).ToString());
        Assert.Equal("000A026D7803636F6D00", Convert.ToHexString(message.Answers[2].Data.Span));
        Assert.Equal("076578616D706C6503636F6D00" + "03777777076578616D706C6503636F6D00" + "0000000100000002000000030000000400000005",
            Convert.ToHexString(message.Authorities[0].Data.Span));
    }

    [Fact]
    public void Refuses_a_message_cut_short_at_every_length()
    {
        for (int length = 0; length < DnsBytes.Rich.Length; length++)
        {
            Assert.False(DnsMessageReader.TryRead(DnsBytes.Rich.AsSpan(0, length), out _), $"{length} bytes");
        }
    }

    [Theory]
    [InlineData("C00C", "to itself")]
    [InlineData("C00E", "forward")]
    [InlineData("0161C00C", "to the start of its own part")]
    [InlineData("C0FF", "behind the message")]
    [InlineData("C000", "into the header")]
    [InlineData("C00B", "into the last byte of the header")]
    [InlineData("C0", "half a pointer")]
    [InlineData("4061", "a reserved kind of label")]
    [InlineData("8061", "another reserved kind of label")]
    public void Refuses_a_pointer_that_does_not_go_back(string name, string why)
    {
        byte[] message = DnsBytes.Message([1, 0, 0, 0], Convert.FromHexString(name), [0, 1, 0, 1]);

        Assert.False(DnsMessageReader.TryRead(message, out _), why);
    }

    [Fact]
    public void Refuses_a_name_that_pointers_make_too_long()
    {
        byte[] label = [63, .. new byte[63]];
        byte[] first = DnsBytes.Message([1, 1, 0, 0], [.. label, .. label, .. label, 0, 0, 1, 0, 1]);

        Assert.True(DnsMessageReader.TryRead([.. first, 60, .. new byte[60], 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0], out _));
        Assert.False(DnsMessageReader.TryRead([.. first, 62, .. new byte[62], 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0], out _));
    }

    [Fact]
    public void Bounds_what_compression_expands_to()
    {
        byte[] label = [63, .. new byte[63]];
        byte[] record = [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0];
        byte[] Make(int records)
        {
            byte[] head = DnsBytes.Message([1, 0, 0, 0], [.. label, .. label, .. label, 0, 0, 1, 0, 1]);
            head[6] = (byte)(records >> 8);
            head[7] = (byte)records;
            return [.. head, .. Enumerable.Repeat(record, records).SelectMany(bytes => bytes)];
        }

        int most = (DnsMessageReader.MaxExpandedBytes / 193) - 1;
        Assert.True(DnsMessageReader.TryRead(Make(most), out _));
        Assert.False(DnsMessageReader.TryRead(Make(most + 1), out _));
    }

    [Fact]
    public void Refuses_a_count_that_the_bytes_cannot_hold()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(DnsMessageReader.TryRead([0, 0, 0x80, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0], out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Fact]
    public void Refuses_two_questions_and_two_opt_records()
    {
        byte[] question = [1, 97, 0, 0, 1, 0, 1];
        byte[] opt = [0, 0, 41, 2, 0, 0, 0, 0, 0, 0, 0];

        Assert.False(DnsMessageReader.TryRead(DnsBytes.Message([2, 0, 0, 0], question, question), out _));
        Assert.True(DnsMessageReader.TryRead(DnsBytes.Message([1, 0, 0, 1], question, opt), out _));
        Assert.False(DnsMessageReader.TryRead(DnsBytes.Message([1, 0, 0, 2], question, opt, opt), out _));
        Assert.False(DnsMessageReader.TryRead(DnsBytes.Message([1, 1, 0, 0], question, opt), out _));
    }

    [Theory]
    [InlineData("0007" + "0363646EC010" + "00", "a byte behind the name")]
    [InlineData("0005" + "0363646EC010", "a pointer that ends behind the data")]
    [InlineData("0000", "no name")]
    public void Names_in_data_end_where_the_data_ends(string data, string why)
    {
        byte[] message = DnsBytes.Message(
            [1, 1, 0, 0],
            Convert.FromHexString("03777777" + "076578616D706C65" + "03636F6D00" + "00010001"),
            Convert.FromHexString("C00C" + "00050001" + "0000003C"), Convert.FromHexString(data));

        Assert.False(DnsMessageReader.TryRead(message, out _), why);
    }
}
