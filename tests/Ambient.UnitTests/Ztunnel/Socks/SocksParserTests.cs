using System.Text;
using Ambient.Ztunnel.Socks;

namespace Ambient.UnitTests.Ztunnel.Socks;

public sealed class SocksParserTests
{
    [Theory]
    [InlineData("050100 05010001 0a000001 1f90", "10.0.0.1:8080")]
    [InlineData("0503020100 05010001 7f000001 0050", "127.0.0.1:80")]
    [InlineData("050100 05010004 fd000000000000000000000000000001 01bb", "[fd00::1]:443")]
    [InlineData("050100 05010004 00000000000000000000ffff0a000001 0050", "10.0.0.1:80")]
    [InlineData("050100 05010003 08 7765622e73686f70 0050", "web.shop:80")]
    [InlineData("050100 0501ff01 0a000001 0000", "10.0.0.1:0")]
    public void Reads_a_request(string hex, string target)
    {
        SocksParser parser = new();

        Assert.Equal([SocksStep.AnswerMethod, SocksStep.Requested], Feed(parser, Bytes(hex)).Where(step => step != SocksStep.NeedMore));
        Assert.Equal(target, parser.Target.ToString());
        Assert.Equal(0, parser.Needed);
    }

    [Theory]
    [InlineData("04010050")]
    [InlineData("0500")]
    [InlineData("05020102")]
    [InlineData("050100 04010001")]
    [InlineData("050100 05020001")]
    [InlineData("050100 05010002")]
    [InlineData("050100 05010003 00")]
    [InlineData("050100 05010003 03 612062 0050")]
    [InlineData("050100 05010003 03 61c3a9 0050")]
    [InlineData("050100 05010003 01 00 0050")]
    public void Refuses_what_is_not_offered_and_says_why_without_repeating_it(string hex)
    {
        SocksParser parser = new();

        Assert.Equal(SocksStep.Refused, Feed(parser, Bytes(hex)).Last());
        Assert.Equal(0, parser.Needed);
        Assert.Matches("^[a-zA-Z0-9 ]+$", parser.Problem!);
    }

    [Fact]
    public void The_longest_name_is_taken()
    {
        string name = string.Join('.', Enumerable.Repeat(new string('a', 63), 4));
        byte[] bytes = [5, 1, 0, 5, 1, 0, 3, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), 0, 80];

        SocksParser parser = new();
        Feed(parser, bytes);
        Assert.Equal($"{name}:80", parser.Target.ToString());
    }

    [Fact]
    public void It_must_be_fed_what_it_asked_for()
    {
        Assert.Throws<ArgumentException>(() => new SocksParser().Feed([5]));
        Assert.Throws<ArgumentException>(() => new SocksParser().Feed([5, 1, 0]));
    }

    /// <summary>Whatever comes: it ends after a bounded number of bytes, and a request that is accepted is one that a client can have meant.</summary>
    [Fact]
    public void Mutated_requests_end_bounded_and_never_give_a_target_that_is_none()
    {
        byte[][] seeds = [Bytes("050100050100010a0000011f90"), Bytes("0503020100050100030877 65622e73686f700050"), Bytes("05010005010004fd00000000000000000000000000000101bb")];
        Random random = new(20261121);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = [.. seeds[random.Next(seeds.Length)], .. new byte[512]];
            for (int flips = random.Next(1, 5); flips > 0; flips--)
            {
                bytes[random.Next(40)] = (byte)random.Next(256);
            }

            SocksParser parser = new();
            int taken = 0;
            SocksStep step = SocksStep.NeedMore;
            while (parser.Needed > 0)
            {
                Assert.InRange(parser.Needed, 1, SocksParser.MaxNeeded);
                int needed = parser.Needed;
                step = parser.Feed(bytes.AsSpan(taken, needed));
                taken += needed;
                Assert.InRange(taken, 2, 519);
            }

            Assert.True(step is SocksStep.Requested or SocksStep.Refused);
            if (step == SocksStep.Requested)
            {
                Assert.True(parser.Target.Hostname is { Length: > 0 } name
                    ? name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_')
                    : parser.Target.Address is not null);
            }
        }
    }

    private static List<SocksStep> Feed(SocksParser parser, byte[] bytes)
    {
        List<SocksStep> steps = [];
        int taken = 0;
        while (parser.Needed > 0)
        {
            int needed = parser.Needed;
            steps.Add(parser.Feed(bytes.AsSpan(taken, needed)));
            taken += needed;
        }

        return steps;
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));
}
