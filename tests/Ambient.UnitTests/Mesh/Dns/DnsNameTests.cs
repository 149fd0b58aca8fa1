using Ambient.Mesh.Dns;

namespace Ambient.UnitTests.Mesh.Dns;

public sealed class DnsNameTests
{
    [Theory]
    [InlineData("www.example.com", "www.example.com")]
    [InlineData("WWW.Example.com.", "www.example.com")]
    [InlineData("*.wildcard", "*.wildcard")]
    [InlineData("_dns._udp.a-b", "_dns._udp.a-b")]
    public void Reads_host_names(string text, string hostname) => Assert.Equal(hostname, DnsBytes.Name(text).ToHostname());

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a b")]
    [InlineData("ä.de")]
    [InlineData("a\\.b")]
    public void Refuses_what_is_no_host_name(string text) => Assert.False(DnsName.TryParse(text, out _));

    [Fact]
    public void Takes_labels_and_names_up_to_their_limits()
    {
        string label = new('a', 63);
        string longest = $"{label}.{label}.{label}.{new string('b', 61)}";

        Assert.Equal(255, DnsBytes.Name(longest).Wire.Length);
        Assert.False(DnsName.TryParse(longest + "b", out _));
        Assert.False(DnsName.TryParse(new string('a', 64), out _));
    }

    [Fact]
    public void Compares_without_case_and_keeps_the_spelling()
    {
        DnsName mixed = DnsBytes.Name("ProductPage.NS1");

        Assert.Equal(DnsBytes.Name("productpage.ns1"), mixed);
        Assert.Equal(DnsBytes.Name("productpage.ns1").GetHashCode(), mixed.GetHashCode());
        Assert.Equal("ProductPage.NS1.", mixed.ToString());
        Assert.NotEqual(DnsBytes.Name("productpage.ns2"), mixed);
    }

    [Theory]
    [InlineData("01610362632E", @"a.bc\..", null)]
    [InlineData("0261000162", @"a\000.b.", null)]
    [InlineData("0201FF", @"\001\255.", null)]
    [InlineData("0261C4", @"a\196.", null)]
    public void A_name_with_odd_bytes_is_shown_escaped_and_matches_no_service(string hex, string shown, string? hostname)
    {
        byte[] bytes = [.. new byte[12], .. Convert.FromHexString(hex), 0, 0, 1, 0, 1];
        bytes[5] = 1;

        DnsName name = DnsBytes.Read(bytes).Question!.Name;

        Assert.Equal(shown, name.ToString());
        Assert.Equal(hostname, name.ToHostname());
    }
}
