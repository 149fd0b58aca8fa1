using System.Net;
using Ambient.Ztunnel.Configuration;

namespace Ambient.UnitTests.Ztunnel.Configuration;

public sealed class EndPointTextTests
{
    [Theory]
    [InlineData("127.0.0.1:80")]
    [InlineData("0.0.0.0:0")]
    [InlineData("[::]:15001")]
    [InlineData("[fd00::1]:65535")]
    public void Reads_addresses_with_ports(string text)
    {
        Assert.True(EndPointText.TryParse(text, out IPEndPoint? endPoint));
        Assert.Equal(text, endPoint.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":80")]
    [InlineData("80")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1:+1")]
    [InlineData("127.0.0.1: 1")]
    [InlineData("127.1:80")]
    [InlineData("010.0.0.1:80")]
    [InlineData("0x7f.0.0.1:80")]
    [InlineData("1:80")]
    [InlineData("localhost:80")]
    [InlineData("::1:80")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("[::1]80")]
    [InlineData("[::1:80")]
    [InlineData("[[::1]]:80")]
    [InlineData("[]:80")]
    public void Refuses_everything_else(string text) => Assert.False(EndPointText.TryParse(text, out _));

    [Theory]
    [InlineData("127.0.0.1:9080=10.0.0.1:80")]
    [InlineData("[::1]:9080=[fd00::5]:80")]
    public void Reads_forwards(string text) => Assert.Equal(text, LocalForward.Parse(text)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("127.0.0.1:9080")]
    [InlineData("127.0.0.1:9080=")]
    [InlineData("=10.0.0.1:80")]
    [InlineData("127.0.0.1:9080=10.0.0.1:0")]
    [InlineData("127.0.0.1:9080=10.0.0.1:80=1.1.1.1:1")]
    public void Refuses_broken_forwards(string text) => Assert.Null(LocalForward.Parse(text));

    [Fact]
    public void Never_throws_on_mutated_lists()
    {
        Mutations.Of("127.0.0.1:9080=10.0.0.1:80,[::1]:9081=[fd00::5]:443", 20_000, text =>
        {
            foreach (string part in text.Split(','))
            {
                if (LocalForward.Parse(part) is { } forward)
                {
                    Assert.Equal(forward, LocalForward.Parse(forward.ToString()));
                }
            }
        });
    }
}
