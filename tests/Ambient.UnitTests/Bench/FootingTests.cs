using System.Buffers.Binary;
using System.Net;
using Ambient.Bench.Footing;
using Ambient.Bench.Options;

namespace Ambient.UnitTests.Bench;

public sealed class FootingTests
{
    private static readonly IPEndPoint Server = new(IPAddress.Parse("10.201.0.2"), 21_012);
    private static readonly TlsHello Good = new(Server, 0x1301, 0x0304, 0x001d, IsResumed: false);

    [Fact]
    public void Reads_what_a_server_hello_chose()
    {
        TlsHello? hello = TlsHelloParser.Parse(Server, HelloBytes(0x1302, resumed: false));

        Assert.Equal(new TlsHello(Server, 0x1302, 0x0304, 0x001d, IsResumed: false), hello);
    }

    [Fact]
    public void Sees_that_a_session_was_resumed() => Assert.True(TlsHelloParser.Parse(Server, HelloBytes(0x1301, resumed: true))!.IsResumed);

    [Fact]
    public void A_hello_cut_short_anywhere_is_no_hello()
    {
        byte[] whole = HelloBytes(0x1301, resumed: true);

        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Null(TlsHelloParser.Parse(Server, whole.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Application_data_is_no_hello() => Assert.Null(TlsHelloParser.Parse(Server, [23, 3, 3, 0, 100, .. new byte[100]]));

    [Fact]
    public void Finds_the_hellos_of_a_capture_and_their_senders()
    {
        byte[] capture = [.. FileHeader(), .. Packet(HelloBytes(0x1301, resumed: false)), .. Packet([1, 2, 3]), .. Packet(HelloBytes(0x1302, resumed: true))];

        IReadOnlyList<TlsHello> hellos = PcapReader.ServerHellos(capture);

        Assert.Equal([0x1301, 0x1302], hellos.Select(hello => (int)hello.CipherSuite));
        Assert.All(hellos, hello => Assert.Equal(Server, hello.Server));
    }

    [Fact]
    public void A_capture_that_ends_within_a_packet_gives_what_came_before()
    {
        byte[] capture = [.. FileHeader(), .. Packet(HelloBytes(0x1301, resumed: false)), .. Packet(HelloBytes(0x1302, resumed: false))];

        Assert.Single(PcapReader.ServerHellos(capture.AsSpan(0, capture.Length - 5)));
    }

    [Fact]
    public void Something_else_than_a_capture_is_an_error() => Assert.Throws<InvalidDataException>(() => PcapReader.ServerHellos(new byte[100]));

    [Fact]
    public void A_pair_on_equal_footing_passes() => Assert.Null(FootingRules.Judge("ours", TlsSuite.Aes128, [Good, Good], acceptsWithoutCertificate: false));

    [Fact]
    public void A_pair_that_does_not_encrypt_is_refused() =>
        Assert.Contains("no TLS handshake", FootingRules.Judge("ours", TlsSuite.Aes128, [], acceptsWithoutCertificate: false), StringComparison.Ordinal);

    [Fact]
    public void A_pair_that_serves_strangers_is_refused() =>
        Assert.Contains("not mutual", FootingRules.Judge("ours", TlsSuite.Aes128, [Good], acceptsWithoutCertificate: true), StringComparison.Ordinal);

    [Fact]
    public void Another_suite_is_refused_and_both_are_named()
    {
        string? fault = FootingRules.Judge("nginx-mtls", TlsSuite.Aes256, [Good], acceptsWithoutCertificate: false);

        Assert.Equal("nginx-mtls: negotiated suite 0x1301, not TLS_AES_256_GCM_SHA384 (0x1302)", fault);
    }

    [Fact]
    public void An_older_version_another_group_and_a_resumption_are_refused()
    {
        Assert.Contains("0x0303", Fault(Good with { Version = 0x0303 }), StringComparison.Ordinal);
        Assert.Contains("0x0017", Fault(Good with { Group = 0x0017 }), StringComparison.Ordinal);
        Assert.Contains("resumed", Fault(Good with { IsResumed = true }), StringComparison.Ordinal);
    }

    private static string? Fault(TlsHello second) => FootingRules.Judge("ours", TlsSuite.Aes128, [Good, second], acceptsWithoutCertificate: false);

    /// <summary>A ServerHello record: version and random, session id of 32 bytes, suite, compression, supported_versions, key_share and perhaps pre_shared_key.</summary>
    private static byte[] HelloBytes(ushort suite, bool resumed)
    {
        byte[] extensions = [0, 43, 0, 2, 3, 4, 0, 51, 0, 36, 0, 0x1d, 0, 32, .. new byte[32], .. resumed ? (byte[])[0, 41, 0, 2, 0, 0] : []];
        byte[] body =
        [
            3, 3, .. Enumerable.Repeat((byte)7, 32), 32, .. new byte[32], (byte)(suite >> 8), (byte)suite, 0,
            (byte)(extensions.Length >> 8), (byte)extensions.Length, .. extensions,
        ];
        byte[] message = [2, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];
        return [22, 3, 3, (byte)(message.Length >> 8), (byte)message.Length, .. message];
    }

    private static byte[] FileHeader()
    {
        byte[] header = new byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xa1b2c3d4);
        return header;
    }

    private static byte[] Packet(byte[] payload)
    {
        byte[] tcp = new byte[32];
        BinaryPrimitives.WriteUInt16BigEndian(tcp, (ushort)Server.Port);
        tcp[12] = 8 << 4;
        byte[] ip = new byte[20];
        ip[0] = 0x45;
        ip[9] = 6;
        Server.Address.GetAddressBytes().CopyTo(ip, 12);
        byte[] frame = [.. new byte[12], 8, 0, .. ip, .. tcp, .. payload];
        byte[] header = new byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), frame.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), frame.Length);
        return [.. header, .. frame];
    }
}
