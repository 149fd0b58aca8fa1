using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;

namespace Ambient.UnitTests.Ztunnel.Admin;

public sealed class LocalEndPointsTests
{
    [Theory]
    [InlineData("localhost:15000", true, true, "127.0.0.1:15000 [::1]:15000")]
    [InlineData("localhost:15000", true, false, "127.0.0.1:15000")]
    [InlineData("localhost:15000", false, true, "127.0.0.1:15000")]
    [InlineData("localhost:0", true, true, "127.0.0.1:0")]
    [InlineData("*:15020", true, false, "[::]:15020")]
    [InlineData("*:15020", false, true, "0.0.0.0:15020")]
    [InlineData("[fd00::1]:1", true, true, "[fd00::1]:1")]
    public void Binds_the_families_there_are(string address, bool ipv6Enabled, bool ipv6OnLoopback, string expected)
    {
        Assert.True(BindAddress.TryParse(address, out BindAddress? parsed));
        Assert.Equal(address, parsed!.ToString());
        Assert.Equal(expected, string.Join(' ', LocalEndPoints.Of(parsed, ipv6Enabled, ipv6OnLoopback)));
    }

    [Theory]
    [InlineData("15000")]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("host:1")]
    [InlineData("*:65536")]
    [InlineData("*:-1")]
    public void Refuses_other_addresses(string address) => Assert.False(BindAddress.TryParse(address, out _));
}
