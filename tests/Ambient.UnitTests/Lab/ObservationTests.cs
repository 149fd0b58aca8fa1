using System.Buffers.Binary;
using Ambient.Lab.Demo.Wire;
using Ambient.Lab.Observation;
using Ambient.Redirection.Commands;

namespace Ambient.UnitTests.Lab;

/// <summary>The demo's eyes: were they wrong, it would pass without cause.</summary>
public sealed class ObservationTests
{
    [Theory]
    [InlineData("0800", "45000028000000004006000001010101020202020050c350", "tcp/80")]
    [InlineData("0800", "4500002800000000400600000101010102020202c3503aa0", "tcp/15008")]
    [InlineData("0800", "46000028000000004011000001010101020202020000000000350050", "udp/53")]
    [InlineData("0800", "450000280000000040010000010101010202020208000000", "protocol 1")]
    [InlineData("86dd", "60000000000806ff00000000000000000000000000000001000000000000000000000000000000021f90c350", "tcp/8080")]
    [InlineData("86dd", "6000000000083aff000000000000000000000000000000010000000000000000000000000000000287000000", "neighbour discovery")]
    [InlineData("86dd", "60000000000800010000000000000000000000000000000100000000000000000000000000000002 3a00", "neighbour discovery")]
    [InlineData("0806", "0001", "neighbour discovery")]
    [InlineData("88cc", "00", "ethertype 0x88cc")]
    [InlineData("0800", "45", "ethertype 0x0800")]
    public void Tells_packets_by_protocol_and_port(string etherType, string packet, string expected)
    {
        byte[] frame = Convert.FromHexString($"000000000001000000000002{etherType}{packet.Replace(" ", "", StringComparison.Ordinal)}");

        Assert.Equal(expected, PcapFile.Classify(frame));
    }

    [Fact]
    public void Reads_whole_packets_and_leaves_out_one_cut_short()
    {
        byte[] file = [.. Header(), .. Record("first", 5), .. Record("second", 6), .. Record("cut", 300)];

        IReadOnlyList<WireChunk> packets = PcapFile.Parse(file);

        Assert.Equal(2, packets.Count);
        Assert.True(new WireEvidence(packets).Contains("second"));
        Assert.False(new WireEvidence(packets).Contains("cut"));
        Assert.Empty(PcapFile.Parse(file.AsMemory(0, 10)));
    }

    [Fact]
    public void Evidence_of_anything_but_hbone_is_not_hbone_only()
    {
        Assert.True(new WireEvidence([new WireChunk("tcp/15008", new byte[1]), new WireChunk(WireChunk.Neighbours, new byte[1])]).IsHboneOnly);
        Assert.False(new WireEvidence([new WireChunk("tcp/15008", new byte[1]), new WireChunk("udp/53", new byte[1])]).IsHboneOnly);
        Assert.False(new WireEvidence([]).IsHboneOnly);
    }

    [Fact]
    public void Splits_what_curl_printed_behind_the_body()
    {
        CurlResult result = CurlResult.Parse(new ProgramResult(ProgramOutcome.Exited, 0, "two\nlines\n\n200 80 150 10", ""));

        Assert.Equal(("two\nlines\n", 200, 80L, 160L), (result.Body, result.Status, result.BytesSent, result.BytesReceived));
        Assert.True(result.Succeeded);
        Assert.False(CurlResult.Parse(new ProgramResult(ProgramOutcome.Exited, 52, "\n000 80 0 0", "curl: (52) Empty reply")).Succeeded);
        Assert.False(CurlResult.Parse(new ProgramResult(ProgramOutcome.TimedOut, -1, "", "too long")).Succeeded);
        Assert.False(CurlResult.Parse(new ProgramResult(ProgramOutcome.Exited, 0, "denied\n403 80 100 6", "")).Succeeded);
    }

    [Fact]
    public void Sums_the_samples_that_have_all_wanted_labels()
    {
        var page = new MetricsPage(
            """
            # TYPE sent counter
            sent_total{reporter="source",a="x",b="y"} 5
            sent_total{reporter="source",a="x",b="z"} 7
            sent_total{reporter="destination",a="x",b="y"} 11
            sent_total{reporter="source",aa="x"} 13
            sent_total_more{reporter="source",a="x"} 17
            # EOF
            """);

        Assert.Equal(12, page.Sum("sent_total", ("reporter", "source"), ("a", "x")));
        Assert.Equal(5, page.Sum("sent_total", ("reporter", "source"), ("b", "y")));
        Assert.Equal(0, page.Sum("nothing", ("a", "x")));
    }

    [Fact]
    public async Task A_log_is_followed_from_where_it_was()
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "old wanted\n");
        var log = new LogFollower(path);
        await File.AppendAllTextAsync(path, "new\nnew wanted\n");

        Assert.Equal("new wanted", await log.WaitForAsync(line => line.Contains("wanted", StringComparison.Ordinal), CancellationToken.None));
        File.Delete(path);
    }

    private static byte[] Header()
    {
        byte[] header = new byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xa1b2c3d4);
        return header;
    }

    private static byte[] Record(string text, uint length)
    {
        byte[] record = new byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), length);
        return [.. record, .. System.Text.Encoding.ASCII.GetBytes(text)];
    }
}
