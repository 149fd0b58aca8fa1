using Ambient.Mesh.Dns;

namespace Ambient.UnitTests.Mesh.Dns;

public sealed class DnsRequestTests
{
    [Fact]
    public void A_query_is_taken()
    {
        DnsRequest request = DnsRequest.Read(DnsBytes.Write(DnsBytes.Query("a.b", DnsType.A)));

        Assert.NotNull(request.Query);
        Assert.Null(request.Refusal);
    }

    [Fact]
    public void A_response_is_a_format_error() =>
        Assert.Equal(DnsResponseCode.FormatError, DnsRequest.Read(DnsBytes.Rich).Refusal!.Code);

    [Fact]
    public void A_refusal_is_never_answered_or_two_servers_would_never_stop()
    {
        byte[] refusal = DnsBytes.Write(DnsRequest.Read(DnsBytes.Rich).Refusal!);

        Assert.Equal(default, DnsRequest.Read(refusal));
    }

    [Fact]
    public void Another_opcode_is_not_implemented()
    {
        byte[] update = DnsBytes.Write(DnsBytes.Query("a.b", DnsType.A));
        update[2] = 5 << 3;

        DnsMessage refusal = DnsRequest.Read(update).Refusal!;

        Assert.Equal(DnsResponseCode.NotImplemented, refusal.Code);
        Assert.Equal((0x1234, 5), (refusal.Header.Id, refusal.Header.Opcode));
    }

    [Fact]
    public void Garbage_with_a_header_is_a_format_error_and_less_is_dropped()
    {
        byte[] query = DnsBytes.Write(DnsBytes.Query("a.b", DnsType.A));

        Assert.Equal(DnsResponseCode.FormatError, DnsRequest.Read(query.AsSpan(0, query.Length - 1)).Refusal!.Code);
        Assert.Equal(DnsResponseCode.FormatError, DnsRequest.Read(query.AsSpan(0, 12)).Refusal!.Code);
        Assert.Equal(default, DnsRequest.Read(query.AsSpan(0, 11)));
        Assert.Equal(default, DnsRequest.Read([]));
    }

    [Fact]
    public void An_unknown_version_of_edns_is_said_to_be_one()
    {
        DnsRequest request = DnsRequest.Read(DnsBytes.Write(DnsBytes.Query("a.b", DnsType.A, new Edns(1232, Version: 1))));

        DnsMessage refusal = DnsBytes.Read(DnsBytes.Write(request.Refusal!));

        Assert.Equal(DnsResponseCode.BadVersion, refusal.Code);
        Assert.Equal(0, refusal.Edns!.Value.Version);
    }

    [Theory]
    [InlineData(null, null, 512)]
    [InlineData(100, 512, 512)]
    [InlineData(4096, 4096, 4096)]
    public void The_payload_asked_for_comes_back(int? asked, int? answered, int limit)
    {
        DnsMessage query = DnsBytes.Query("a.b", DnsType.A, asked is { } bytes ? new Edns((ushort)bytes) : null);

        DnsMessage response = DnsRequest.Respond(query, DnsResponseCode.NoError, isAuthoritative: true);

        Assert.Equal(answered, (int?)response.Edns?.PayloadBytes);
        Assert.Equal(limit, DnsRequest.UdpLimit(query));
        Assert.True(response.Header is { IsAuthoritative: true, IsRecursionAvailable: true, IsRecursionDesired: true, IsResponse: true, Id: 0x1234 });
    }
}
