using System.Net;
using Ambient.Transport.Sockets;
using SocketAddress = Ambient.Transport.Sockets.SocketAddress;

namespace Ambient.UnitTests.Transport;

public sealed class SocketAddressTests
{
    [Fact]
    public void Writes_an_IPv4_address_as_the_16_bytes_of_sockaddr_in()
    {
        Span<byte> bytes = stackalloc byte[SocketAddress.MaxBytes];
        bytes.Fill(0xee);
        int length = SocketAddress.Write(IPEndPoint.Parse("10.1.2.3:15001"), bytes);

        Assert.Equal("0200" + "3A99" + "0A010203" + "0000000000000000", Convert.ToHexString(bytes[..length]));
    }

    [Fact]
    public void Writes_an_IPv6_address_as_the_28_bytes_of_sockaddr_in6_with_its_scope()
    {
        Span<byte> bytes = stackalloc byte[SocketAddress.MaxBytes];
        bytes.Fill(0xee);
        int length = SocketAddress.Write(new IPEndPoint(IPAddress.Parse("fe80::1%258"), 443), bytes);

        Assert.Equal(
            "0A00" + "01BB" + "00000000" + "FE800000000000000000000000000001" + "02010000", Convert.ToHexString(bytes[..length]));
    }

    [Theory]
    [InlineData("192.0.2.7:0")]
    [InlineData("255.255.255.255:65535")]
    [InlineData("[2001:db8::1]:8080")]
    [InlineData("[fe80::1%7]:15008")]
    [InlineData("[::]:1")]
    public void Reads_back_what_it_wrote(string text)
    {
        IPEndPoint endPoint = IPEndPoint.Parse(text);

        Assert.Equal(endPoint, SocketAddress.Pack(endPoint).ToEndPoint());
    }

    [Fact]
    public void Reads_a_mapped_IPv6_address_as_IPv4()
    {
        IPEndPoint mapped = IPEndPoint.Parse("[::ffff:10.0.0.9]:80");

        Assert.Equal(IPEndPoint.Parse("10.0.0.9:80"), SocketAddress.Pack(mapped).ToEndPoint());
        Assert.Equal(IPEndPoint.Parse("10.0.0.9:80"), SocketAddress.Canonical(mapped));
    }

    [Theory]
    [InlineData("")]
    [InlineData("02")]
    [InlineData("02003A990A0102030000000000000000", 15)]
    [InlineData("0A0001BB00000000FE80000000000000000000000000000102010000", 27)]
    [InlineData("01002F746D702F736F636B")]
    public void Leaves_an_address_unset_that_is_cut_short_or_of_another_family(string hex, int take = int.MaxValue)
    {
        byte[] bytes = Convert.FromHexString(hex);

        Assert.False(SocketAddress.Read(bytes.AsSpan(0, Math.Min(take, bytes.Length))).IsSet);
    }

    [Fact]
    public void Survives_any_bytes_and_never_yields_a_mapped_address()
    {
        var random = new Random(20);
        byte[] bytes = new byte[SocketAddress.MaxBytes];
        for (int round = 0; round < 20_000; round++)
        {
            random.NextBytes(bytes);
            bytes[0] = (byte)(random.Next(2) == 0 ? 2 : 10);
            bytes[1] = 0;
            if (random.Next(2) == 0)
            {
                bytes.AsSpan(8, 10).Clear();
                bytes[18] = bytes[19] = 0xff;
            }

            PackedEndPoint packed = SocketAddress.Read(bytes);
            Assert.True(packed.IsSet);
            Assert.False(packed.ToEndPoint().Address.IsIPv4MappedToIPv6);
            Assert.Equal(packed, SocketAddress.Pack(packed.ToEndPoint()));
        }
    }
}
