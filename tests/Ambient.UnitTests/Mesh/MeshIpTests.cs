using System.Net;
using Ambient.Mesh.Addresses;
using Ambient.Testing.Mesh;

namespace Ambient.UnitTests.Mesh;

public class MeshIpTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("fd00:8::11")]
    [InlineData("2001:db8:1:2:3:4:5:6")]
    [InlineData("::ffff:10.0.0.1")]
    public void Text_survives_a_round_trip(string text) => Assert.Equal(text, TestMesh.Ip(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("01.2.3.4")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("1.2.3.4 ")]
    [InlineData(" 1.2.3.4")]
    [InlineData("1..3.4")]
    [InlineData("+1.2.3.4")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("::1::2")]
    [InlineData(":::")]
    [InlineData("::ffff:01.2.3.4")]
    [InlineData("12345::")]
    [InlineData("::1/64")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    public void Refuses_text_that_is_no_address(string text) => Assert.False(MeshIp.TryParse(text, out _));

    [Fact]
    public void An_address_of_a_socket_is_canonical()
    {
        Assert.Equal(TestMesh.Ip("10.0.0.1"), MeshIp.From(IPAddress.Parse("::ffff:10.0.0.1")));
        Assert.NotEqual(TestMesh.Ip("10.0.0.1"), TestMesh.Ip("::ffff:10.0.0.1"));
        Assert.NotEqual(TestMesh.Ip("0.0.0.1"), TestMesh.Ip("::1"));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(4, true)]
    [InlineData(9, false)]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void Only_4_or_16_bytes_are_an_address(int length, bool valid)
    {
        Assert.Equal(valid, MeshIp.TryFromBytes(new byte[length], out MeshIp ip));
        Assert.Equal(valid, ip.IsValid);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.255.0.9", true)]
    [InlineData("128.0.0.1", false)]
    [InlineData("::1", true)]
    [InlineData("::2", false)]
    public void Knows_loopback(string text, bool loopback) => Assert.Equal(loopback, TestMesh.Ip(text).IsLoopback);

    [Fact]
    public void Bytes_and_the_framework_agree_on_random_addresses()
    {
        Random random = new(17);
        for (int round = 0; round < 5000; round++)
        {
            byte[] bytes = new byte[random.Next(2) == 0 ? 4 : 16];
            random.NextBytes(bytes);
            if (random.Next(2) == 0)
            {
                bytes.AsSpan(0, random.Next(bytes.Length)).Clear();
            }

            Assert.True(MeshIp.TryFromBytes(bytes, out MeshIp ip));
            Assert.Equal(new IPAddress(bytes), ip.ToIPAddress());
            Assert.Equal(ip, TestMesh.Ip(ip.ToString()));
        }
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.1.2", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.9.9.9/8", "10.1.2.3", true)]
    [InlineData("10.0.0.1/32", "10.0.0.1", true)]
    [InlineData("10.0.0.1/32", "10.0.0.2", false)]
    [InlineData("0.0.0.0/0", "8.8.8.8", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "::1", true)]
    [InlineData("::/0", "1.2.3.4", false)]
    [InlineData("fd00:8::/32", "fd00:8:1::5", true)]
    [InlineData("fd00:8::/32", "fd00:9::5", false)]
    [InlineData("::1/128", "::1", true)]
    public void A_block_contains_addresses_of_its_family_only(string block, string ip, bool contains) =>
        Assert.Equal(contains, TestMesh.Prefix(block).Contains(TestMesh.Ip(ip)));

    [Theory]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/33")]
    [InlineData("::/129")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("/8")]
    [InlineData("10.0.0.0/0008")]
    public void Refuses_text_that_is_no_block(string text) => Assert.False(IpPrefix.TryParse(text, out _));
}
