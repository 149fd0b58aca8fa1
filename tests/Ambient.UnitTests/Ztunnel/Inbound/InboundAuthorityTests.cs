using Ambient.UnitTests.Mesh;
using Ambient.Ztunnel.Inbound;

namespace Ambient.UnitTests.Ztunnel.Inbound;

public class InboundAuthorityTests
{
    [Theory]
    [InlineData("10.0.0.1:80", "10.0.0.1", null, 80)]
    [InlineData("[fd00::1]:65535", "fd00::1", null, 65535)]
    [InlineData("[::ffff:10.0.0.1]:80", "10.0.0.1", null, 80)]
    [InlineData("example.com:0", null, "example.com", 0)]
    [InlineData("web.shop.svc.cluster.local:15008", null, "web.shop.svc.cluster.local", 15008)]
    [InlineData("999.0.0.1:80", null, "999.0.0.1", 80)]
    public void Parses_an_address_or_a_host_name_with_a_port(string text, string? ip, string? hostname, ushort port)
    {
        Assert.True(InboundAuthority.TryParse(text, out InboundAuthority? authority));
        Assert.Equal((ip, hostname, port), (authority!.Ip?.ToString(), authority.Hostname, authority.Port));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":80")]
    [InlineData("10.0.0.1")]
    [InlineData("10.0.0.1:")]
    [InlineData("10.0.0.1:65536")]
    [InlineData("10.0.0.1:+80")]
    [InlineData("10.0.0.1: 80")]
    [InlineData("10.0.0.1:080808")]
    [InlineData("fd00::1:80")]
    [InlineData("[fd00::1]")]
    [InlineData("[10.0.0.1]:80")]
    [InlineData("[fe80::1%eth0]:80")]
    [InlineData("[]:80")]
    [InlineData("user@10.0.0.1:80")]
    [InlineData("a/b:80")]
    [InlineData("a b:80")]
    [InlineData("é.example:80")]
    public void Refuses_anything_else(string text)
    {
        Assert.False(InboundAuthority.TryParse(text, out InboundAuthority? authority));
        Assert.Null(authority);
    }

    [Fact]
    public void Refuses_a_host_name_over_the_limit()
    {
        string longest = new('a', InboundAuthority.MaxHostnameLength);
        Assert.True(InboundAuthority.TryParse($"{longest}:80", out _));
        Assert.False(InboundAuthority.TryParse($"{longest}a:80", out _));
    }

    [Theory]
    [InlineData("10.11.12.13:8080")]
    [InlineData("[fd00:8::11]:8080")]
    [InlineData("web.shop.svc.cluster.local:8080")]
    public void What_parses_is_understood_the_same_when_it_is_written_and_read_again(string seedText)
    {
        Random random = new(31);
        int accepted = 0;
        for (int round = 0; round < 20_000; round++)
        {
            string text = Mutation.Of(seedText, random, ":[].0a@/ é\0");
            if (!InboundAuthority.TryParse(text, out InboundAuthority? first))
            {
                continue;
            }

            accepted++;
            Assert.True((first!.Ip is null) != (first.Hostname is null));
            Assert.True(InboundAuthority.TryParse(first.ToString(), out InboundAuthority? second));
            Assert.Equal(first, second);
        }

        Assert.InRange(accepted, 100, 19_900);
    }
}
