using System.Buffers;
using Ambient.Testing.Certificates;
using Ambient.Testing.Tls;
using Ambient.Tls;

namespace Ambient.UnitTests.Tls;

/// <summary>Both sides are ours; foreign peers are in the in-process tests.</summary>
public sealed class HandshakeTests(HandshakeFixture fixture) : IClassFixture<HandshakeFixture>
{
    [Theory]
    [InlineData(TlsSuite.Aes128GcmSha256)]
    [InlineData(TlsSuite.Aes256GcmSha384)]
    public void Completes_and_carries_data_both_ways(TlsSuite suite)
    {
        using TlsCredentials client = HandshakeFixture.Credentials(fixture.ClientCertificate, new TlsOptions { Suites = [suite] });
        using TlsPair pair = HandshakeFixture.Run(client, fixture.Server);
        AssertCompleted(pair);
        using TlsSession clientSession = pair.Client.TakeSession();
        using TlsSession serverSession = pair.Server.TakeSession();

        Assert.Equal(suite, clientSession.Suite);
        Assert.Equal(suite, serverSession.Suite);
        AssertDelivers(clientSession, serverSession, "request");
        AssertDelivers(serverSession, clientSession, "response");
    }

    [Fact]
    public void Tells_each_side_who_the_other_is()
    {
        using TlsPair pair = HandshakeFixture.Run(fixture.Client, fixture.Server);
        AssertCompleted(pair);
        using TlsSession client = pair.Client.TakeSession();
        using TlsSession server = pair.Server.TakeSession();

        Assert.Equal([HandshakeFixture.ServerId], client.Peer.UriSans);
        Assert.Equal([HandshakeFixture.ClientId], server.Peer.UriSans);
        Assert.Equal(fixture.ServerCertificate.ChainDer[0], client.Peer.LeafDer);
        Assert.Equal(2, client.Peer.VerifiedChainDer.Count);
        Assert.Equal(fixture.Authority.RootDer, client.Peer.VerifiedChainDer[1]);
    }

    [Fact]
    public void The_accepting_side_chooses_the_suite_by_its_own_order()
    {
        var clientOptions = new TlsOptions { Suites = [TlsSuite.Aes256GcmSha384, TlsSuite.Aes128GcmSha256] };
        var serverOptions = new TlsOptions { Suites = [TlsSuite.Aes128GcmSha256, TlsSuite.Aes256GcmSha384] };
        using TlsCredentials client = HandshakeFixture.Credentials(fixture.ClientCertificate, clientOptions);
        using TlsCredentials server = HandshakeFixture.Credentials(fixture.ServerCertificate, serverOptions);
        using TlsPair pair = HandshakeFixture.Run(client, server);
        AssertCompleted(pair);
        using TlsSession session = pair.Client.TakeSession();
        Assert.Equal(TlsSuite.Aes128GcmSha256, session.Suite);
    }

    [Fact]
    public void Completes_when_flights_arrive_byte_by_byte()
    {
        using TlsHandshake client = TlsHandshake.ForClient(fixture.Client, HandshakeFixture.AcceptAll);
        using TlsHandshake server = TlsHandshake.ForServer(fixture.Server, HandshakeFixture.AcceptAll);
        byte[] flight = Advance(client, []);
        flight = AdvanceByteByByte(server, flight, TlsHandshakeStatus.NeedMore);
        flight = AdvanceByteByByte(client, flight, TlsHandshakeStatus.Completed);
        Assert.Empty(AdvanceByteByByte(server, flight, TlsHandshakeStatus.Completed));
        client.TakeSession().Dispose();
        server.TakeSession().Dispose();
    }

    [Fact]
    public void Hands_on_what_arrived_behind_the_handshake()
    {
        using TlsHandshake client = TlsHandshake.ForClient(fixture.Client, HandshakeFixture.AcceptAll);
        using TlsHandshake server = TlsHandshake.ForServer(fixture.Server, HandshakeFixture.AcceptAll);
        byte[] finished = Advance(client, Advance(server, Advance(client, [])));
        using TlsSession clientSession = client.TakeSession();
        byte[] early = [.. SessionPair.Seal(clientSession, "first"u8), .. SessionPair.Seal(clientSession, new byte[TlsSession.MaxPlaintext])];

        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(TlsHandshakeStatus.Completed, server.Advance([.. finished, .. early], output));
        Assert.Equal(early, server.Leftover.ToArray());
        Assert.Empty(client.Leftover.ToArray());
        using TlsSession serverSession = server.TakeSession();
        Assert.Equal(TlsReadStatus.ApplicationData, serverSession.Read(early, out _, out Span<byte> plaintext));
        Assert.Equal("first"u8, plaintext);
    }

    [Fact]
    public void Verifies_a_chain_with_an_intermediate_and_does_not_send_the_root()
    {
        using TestAuthority intermediate = fixture.Authority.CreateIntermediate();
        using TlsCredentials server = HandshakeFixture.Credentials(intermediate.Issue(HandshakeFixture.ServerId));
        using TlsPair pair = HandshakeFixture.Run(fixture.Client, server);
        AssertCompleted(pair);
        using TlsSession session = pair.Client.TakeSession();
        Assert.Equal(3, session.Peer.VerifiedChainDer.Count);
    }

    [Fact]
    public void Accepts_an_intermediate_as_trust_anchor()
    {
        using TestAuthority intermediate = fixture.Authority.CreateIntermediate();
        using TlsCredentials server = HandshakeFixture.Credentials(intermediate.Issue(HandshakeFixture.ServerId));
        TestCertificate trustsIntermediate = fixture.ClientCertificate with { RootsDer = [intermediate.Certificate.RawData] };
        using TlsCredentials client = HandshakeFixture.Credentials(trustsIntermediate);
        using TlsPair pair = HandshakeFixture.Run(client, server);
        AssertCompleted(pair);
    }

    [Fact]
    public void Completes_with_rsa_certificates()
    {
        var spec = new TestCertificateSpec { UriSans = [HandshakeFixture.ServerId], RsaBits = 2048 };
        using TlsCredentials server = HandshakeFixture.Credentials(fixture.Authority.Issue(spec));
        using TlsPair pair = HandshakeFixture.Run(fixture.Client, server);
        AssertCompleted(pair);
    }

    [Fact]
    public void Fails_without_a_suite_in_common()
    {
        using TlsCredentials client = HandshakeFixture.Credentials(
            fixture.ClientCertificate, new TlsOptions { Suites = [TlsSuite.Aes128GcmSha256] });
        using TlsCredentials server = HandshakeFixture.Credentials(
            fixture.ServerCertificate, new TlsOptions { Suites = [TlsSuite.Aes256GcmSha384] });
        using TlsPair pair = HandshakeFixture.Run(client, server);
        AssertFailed(pair.Server, TlsFailureReason.NoCommonSuite, TlsAlert.HandshakeFailure);
        AssertFailed(pair.Client, TlsFailureReason.PeerAlert, TlsAlert.HandshakeFailure);
    }

    [Fact]
    public void Fails_without_a_group_in_common()
    {
        using TlsCredentials client = HandshakeFixture.Credentials(fixture.ClientCertificate, new TlsOptions { Groups = ["P-384"] });
        using TlsCredentials server = HandshakeFixture.Credentials(fixture.ServerCertificate, new TlsOptions { Groups = ["X25519"] });
        using TlsPair pair = HandshakeFixture.Run(client, server);
        AssertFailed(pair.Server, TlsFailureReason.NoCommonSuite, TlsAlert.HandshakeFailure);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("\u0080\u002e\u0001\u0003\u0001")]
    [InlineData("\0")]
    public void Refuses_what_is_not_tls_at_its_first_byte(string text)
    {
        byte[] bytes = System.Text.Encoding.Latin1.GetBytes(text);
        using TlsHandshake server = TlsHandshake.ForServer(fixture.Server, HandshakeFixture.AcceptAll);
        Assert.Equal(TlsHandshakeStatus.Failed, server.Advance(bytes, new ArrayBufferWriter<byte>()));
        Assert.Equal(TlsFailureReason.NotTls, server.Failure!.Reason);
        Assert.NotNull(server.Failure.Hint);
    }

    [Fact]
    public void Bounds_what_a_peer_may_send_before_the_handshake_is_complete()
    {
        // A ClientHello that claims 16 MB, in records that keep coming.
        using TlsHandshake server = TlsHandshake.ForServer(fixture.Server, HandshakeFixture.AcceptAll);
        byte[] record = [22, 3, 1, 0x40, 0x00, 1, 0xFF, 0xFF, 0xFF, .. new byte[0x4000 - 4]];
        int records = 0;
        while (server.Advance(record, new ArrayBufferWriter<byte>()) == TlsHandshakeStatus.NeedMore)
        {
            Assert.True(++records * record.Length <= TlsHandshake.MaxHandshakeBytes + record.Length);
        }

        Assert.NotNull(server.Failure);
    }

    [Fact]
    public void A_failed_handshake_stays_failed()
    {
        using TlsHandshake server = TlsHandshake.ForServer(fixture.Server, HandshakeFixture.AcceptAll);
        server.Advance("x"u8, new ArrayBufferWriter<byte>());
        Assert.Equal(TlsHandshakeStatus.Failed, server.Advance([22, 3, 1, 0, 5], new ArrayBufferWriter<byte>()));
        Assert.Equal(TlsFailureReason.NotTls, server.Failure!.Reason);
        Assert.Throws<InvalidOperationException>(server.TakeSession);
    }

    [Fact]
    public void A_disposed_handshake_fails_as_abandoned()
    {
        TlsHandshake server = TlsHandshake.ForServer(fixture.Server, HandshakeFixture.AcceptAll);
        server.Dispose();
        Assert.Equal(TlsHandshakeStatus.Failed, server.Advance([22], new ArrayBufferWriter<byte>()));
        Assert.Equal(TlsFailureReason.Abandoned, server.Failure!.Reason);
    }

    [Fact]
    public void Can_be_disposed_by_its_own_peer_check()
    {
        TlsHandshake? client = null;
        client = TlsHandshake.ForClient(fixture.Client, _ =>
        {
            client!.Dispose();
            return null;
        });
        using TlsHandshake server = TlsHandshake.ForServer(fixture.Server, HandshakeFixture.AcceptAll);
        byte[] flight = Advance(server, Advance(client, []));
        Assert.Equal(TlsHandshakeStatus.Completed, client.Advance(flight, new ArrayBufferWriter<byte>()));
        Assert.Throws<InvalidOperationException>(client.TakeSession);
        Assert.Equal(TlsHandshakeStatus.Failed, client.Advance([], new ArrayBufferWriter<byte>()));
    }

    [Fact]
    public void Credentials_may_be_disposed_while_a_handshake_runs()
    {
        TlsCredentials credentials = HandshakeFixture.Credentials(fixture.ServerCertificate);
        using TlsHandshake server = TlsHandshake.ForServer(credentials, HandshakeFixture.AcceptAll);
        using TlsHandshake client = TlsHandshake.ForClient(fixture.Client, HandshakeFixture.AcceptAll);
        credentials.Dispose();
        Advance(server, Advance(client, Advance(server, Advance(client, []))));
        server.TakeSession().Dispose();
        client.TakeSession().Dispose();
        Assert.Throws<ObjectDisposedException>(() => TlsHandshake.ForServer(credentials, HandshakeFixture.AcceptAll));
    }

    private static void AssertCompleted(TlsPair pair)
    {
        Assert.Null(pair.Client.Failure);
        Assert.Null(pair.Server.Failure);
        Assert.Equal(TlsHandshakeStatus.Completed, pair.ClientStatus);
        Assert.Equal(TlsHandshakeStatus.Completed, pair.ServerStatus);
    }

    private static void AssertFailed(TlsHandshake side, TlsFailureReason reason, TlsAlert alert)
    {
        Assert.NotNull(side.Failure);
        Assert.Equal(reason, side.Failure.Reason);
        Assert.Equal(alert, side.Failure.Alert);
    }

    private static void AssertDelivers(TlsSession from, TlsSession to, string text)
    {
        byte[] record = SessionPair.Seal(from, System.Text.Encoding.UTF8.GetBytes(text));
        Assert.Equal(TlsReadStatus.ApplicationData, to.Read(record, out _, out Span<byte> plaintext));
        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(plaintext));
    }

    private static byte[] Advance(TlsHandshake side, ReadOnlySpan<byte> received)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.NotEqual(TlsHandshakeStatus.Failed, side.Advance(received, output));
        return output.WrittenSpan.ToArray();
    }

    private static byte[] AdvanceByteByByte(TlsHandshake side, byte[] received, TlsHandshakeStatus atTheEnd)
    {
        var output = new ArrayBufferWriter<byte>();
        for (int i = 0; i < received.Length; i++)
        {
            TlsHandshakeStatus expected = i == received.Length - 1 ? atTheEnd : TlsHandshakeStatus.NeedMore;
            Assert.Equal(expected, side.Advance(received.AsSpan(i, 1), output));
        }

        return output.WrittenSpan.ToArray();
    }
}
