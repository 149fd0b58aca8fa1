using Ambient.Testing.Certificates;
using Ambient.Testing.Tls;
using Ambient.Tls;
using Ambient.Tls.Interop;

namespace Ambient.UnitTests.Tls;

/// <summary>node-proxy 1.1.2 and 1.1.3: each wrong certificate is refused with its own reason, and the other side hears an alert.</summary>
public sealed class PeerVerificationTests(HandshakeFixture fixture) : IClassFixture<HandshakeFixture>
{
    private static readonly DateTimeOffset Past = new(2021, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Future = new(2090, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, TlsFailureReason, TlsAlert> WrongCertificates => new()
    {
        { "expired", TlsFailureReason.CertificateExpired, TlsAlert.CertificateExpired },
        { "not yet valid", TlsFailureReason.CertificateNotYetValid, TlsAlert.BadCertificate },
        { "other root", TlsFailureReason.UnknownAuthority, TlsAlert.UnknownCa },
        { "self-signed", TlsFailureReason.UnknownAuthority, TlsAlert.UnknownCa },
        { "missing intermediate", TlsFailureReason.UnknownAuthority, TlsAlert.UnknownCa },
        { "expired intermediate", TlsFailureReason.CertificateExpired, TlsAlert.CertificateExpired },
        { "other use", TlsFailureReason.CertificatePurpose, TlsAlert.UnsupportedCertificate },
        { "leaf as authority", TlsFailureReason.BadCertificate, TlsAlert.UnknownCa },
    };

    [Theory]
    [MemberData(nameof(WrongCertificates))]
    public void The_connecting_side_refuses(string what, TlsFailureReason reason, TlsAlert alert)
    {
        using WrongPeer wrong = MakeWrong(what);
        using TlsPair pair = HandshakeFixture.Run(fixture.Client, wrong.Credentials);
        AssertRefused(pair.Client, reason, alert);
        Assert.Equal(TlsHandshakeStatus.Failed, pair.ServerStatus);
        Assert.Equal(TlsFailureReason.PeerAlert, pair.Server.Failure!.Reason);
        Assert.Equal(alert, pair.Server.Failure.Alert);
    }

    [Theory]
    [MemberData(nameof(WrongCertificates))]
    public void The_accepting_side_refuses(string what, TlsFailureReason reason, TlsAlert alert)
    {
        using WrongPeer wrong = MakeWrong(what);
        using TlsPair pair = HandshakeFixture.Run(wrong.Credentials, fixture.Server);
        AssertRefused(pair.Server, reason, alert);

        // The client was done before the server looked: the refusal is the first thing its session reads.
        Assert.Equal(TlsHandshakeStatus.Completed, pair.ClientStatus);
        using TlsSession client = pair.Client.TakeSession();
        Assert.Equal(TlsReadStatus.Failed, client.Read(pair.LateForClient, out _, out _));
        Assert.Equal(TlsFailureReason.PeerAlert, client.Failure!.Reason);
        Assert.Equal(alert, client.Failure.Alert);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_certificate_without_extended_key_usage_is_accepted(bool isClient)
    {
        var spec = new TestCertificateSpec { UriSans = [HandshakeFixture.ClientId], ExtendedKeyUsages = [] };
        using TlsCredentials bare = HandshakeFixture.Credentials(fixture.Authority.Issue(spec));
        using TlsPair pair = isClient ? HandshakeFixture.Run(bare, fixture.Server) : HandshakeFixture.Run(fixture.Client, bare);
        Assert.Equal(TlsHandshakeStatus.Completed, pair.ClientStatus);
        Assert.Equal(TlsHandshakeStatus.Completed, pair.ServerStatus);
    }

    [Theory]
    [InlineData(TestCertificateSpec.ServerAuth, true)]
    [InlineData(TestCertificateSpec.ClientAuth, false)]
    public void A_certificate_for_the_other_role_is_refused(string usage, bool isClient)
    {
        var spec = new TestCertificateSpec { UriSans = [HandshakeFixture.ClientId], ExtendedKeyUsages = [usage] };
        using TlsCredentials oneSided = HandshakeFixture.Credentials(fixture.Authority.Issue(spec));
        using TlsPair pair = isClient ? HandshakeFixture.Run(oneSided, fixture.Server) : HandshakeFixture.Run(fixture.Client, oneSided);
        AssertRefused(isClient ? pair.Server : pair.Client, TlsFailureReason.CertificatePurpose, TlsAlert.UnsupportedCertificate);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_peer_check_refuses_a_wrong_identity(bool isClient)
    {
        TlsPeerCheck check = peer => $"{peer.UriSans[0]} is not expected here";
        using TlsPair pair = isClient
            ? HandshakeFixture.Run(fixture.Client, fixture.Server, clientCheck: check)
            : HandshakeFixture.Run(fixture.Client, fixture.Server, serverCheck: check);
        TlsHandshake refusing = isClient ? pair.Client : pair.Server;
        AssertRefused(refusing, TlsFailureReason.PeerIdentity, TlsAlert.BadCertificate);
        string identity = isClient ? HandshakeFixture.ServerId : HandshakeFixture.ClientId;
        Assert.Equal($"{identity} is not expected here", refusing.Failure!.Message);
    }

    [Fact]
    public void The_peer_check_is_not_asked_about_a_peer_whose_chain_is_wrong()
    {
        using WrongPeer wrong = MakeWrong("other root");
        bool isAsked = false;
        using TlsPair pair = HandshakeFixture.Run(fixture.Client, wrong.Credentials, clientCheck: _ =>
        {
            isAsked = true;
            return null;
        });
        Assert.False(isAsked);
    }

    [Theory]
    [InlineData(TlsRole.Client)]
    [InlineData(TlsRole.Server)]
    public void A_revoked_peer_is_refused_with_the_alert_for_it_before_its_identity_is_looked_at(TlsRole role)
    {
        var options = new TlsOptions { RevocationCheck = (peer, ours) => $"{peer.UriSans[0]} was revoked, says the {ours}" };
        TlsPeerCheck never = _ => throw new InvalidOperationException("asked about a revoked peer");
        using TlsCredentials client = HandshakeFixture.Credentials(fixture.ClientCertificate, role == TlsRole.Client ? options : null);
        using TlsCredentials server = HandshakeFixture.Credentials(fixture.ServerCertificate, role == TlsRole.Server ? options : null);
        using TlsPair pair = role == TlsRole.Client
            ? HandshakeFixture.Run(client, server, clientCheck: never)
            : HandshakeFixture.Run(client, server, serverCheck: never);
        TlsHandshake refusing = role == TlsRole.Client ? pair.Client : pair.Server;
        AssertRefused(refusing, TlsFailureReason.CertificateRevoked, TlsAlert.CertificateRevoked);
        Assert.Contains($"was revoked, says the {role}", refusing.Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_peer_check_that_throws_refuses_the_peer(bool isClient)
    {
        TlsPeerCheck check = _ => throw new InvalidOperationException("broken check");
        using TlsPair pair = isClient
            ? HandshakeFixture.Run(fixture.Client, fixture.Server, clientCheck: check)
            : HandshakeFixture.Run(fixture.Client, fixture.Server, serverCheck: check);
        TlsFailure failure = (isClient ? pair.Client : pair.Server).Failure!;
        Assert.Equal(TlsFailureReason.Internal, failure.Reason);
        Assert.Contains("broken check", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validity_is_judged_by_the_given_clock()
    {
        var clock = new FixedClock(Future.AddYears(20));
        using TlsCredentials client = HandshakeFixture.Credentials(fixture.ClientCertificate, new TlsOptions { Clock = clock });
        using TlsPair pair = HandshakeFixture.Run(client, fixture.Server);
        AssertRefused(pair.Client, TlsFailureReason.CertificateExpired, TlsAlert.CertificateExpired);
    }

    [Fact]
    public void Every_uri_name_is_reported_in_order()
    {
        string[] names = [HandshakeFixture.ServerId, "https://example.org/x", "spiffe://other.domain/ns/a/sa/b"];
        using TlsCredentials server = HandshakeFixture.Credentials(fixture.Authority.Issue(new TestCertificateSpec { UriSans = names }));
        using TlsPair pair = HandshakeFixture.Run(fixture.Client, server);
        using TlsSession session = pair.Client.TakeSession();
        Assert.Equal(names, session.Peer.UriSans);
    }

    [Theory]
    [InlineData("spiffe://cluster.local/ns/default/sa/admin\0.example")]
    [InlineData("spiffe://cluster.local/ns/default/sa/admin\n")]
    [InlineData("spiffe://cluster.local/ns/default/sa/\u00e4dmin")]
    [InlineData("spiffe://cluster.local/ns/default/sa/ad min")]
    [InlineData("")]
    public void A_name_with_bytes_that_do_not_print_is_not_reported(string name)
    {
        var spec = new TestCertificateSpec
        {
            RawUriSans = [System.Text.Encoding.Latin1.GetBytes(name), System.Text.Encoding.ASCII.GetBytes(HandshakeFixture.ServerId)],
        };
        using TlsCredentials server = HandshakeFixture.Credentials(fixture.Authority.Issue(spec));
        using TlsPair pair = HandshakeFixture.Run(fixture.Client, server);
        using TlsSession session = pair.Client.TakeSession();
        Assert.Equal([HandshakeFixture.ServerId], session.Peer.UriSans);
    }

    [Fact]
    public void A_leaf_without_names_reports_none()
    {
        using TlsCredentials server = HandshakeFixture.Credentials(fixture.Authority.Issue(new TestCertificateSpec { Subject = "CN=nobody" }));
        using TlsPair pair = HandshakeFixture.Run(fixture.Client, server);
        using TlsSession session = pair.Client.TakeSession();
        Assert.Empty(session.Peer.UriSans);
    }

    [Theory]
    [InlineData(2, TlsFailureReason.UnknownAuthority)]
    [InlineData(7, TlsFailureReason.BadCertificate)]
    [InlineData(9, TlsFailureReason.CertificateNotYetValid)]
    [InlineData(10, TlsFailureReason.CertificateExpired)]
    [InlineData(23, TlsFailureReason.CertificateRevoked)]
    [InlineData(18, TlsFailureReason.UnknownAuthority)]
    [InlineData(19, TlsFailureReason.UnknownAuthority)]
    [InlineData(20, TlsFailureReason.UnknownAuthority)]
    [InlineData(21, TlsFailureReason.UnknownAuthority)]
    [InlineData(26, TlsFailureReason.CertificatePurpose)]
    [InlineData(27, TlsFailureReason.UnknownAuthority)]
    [InlineData(66, TlsFailureReason.BadCertificate)]
    [InlineData(9999, TlsFailureReason.BadCertificate)]
    public void Each_verify_error_has_its_reason(int error, TlsFailureReason reason) => Assert.Equal(reason, VerifyErrors.ReasonFor(error));

    private static void AssertRefused(TlsHandshake side, TlsFailureReason reason, TlsAlert alert)
    {
        Assert.NotNull(side.Failure);
        Assert.Equal(reason, side.Failure.Reason);
        Assert.Equal(alert, side.Failure.Alert);
        Assert.NotEmpty(side.Failure.Message);
    }

    private WrongPeer MakeWrong(string what)
    {
        var spec = new TestCertificateSpec { UriSans = [HandshakeFixture.ServerId] };
        return what switch
        {
            "expired" => FromOurRoot(spec with { NotAfter = Past }),
            "not yet valid" => FromOurRoot(spec with { NotBefore = Future }),
            "other use" => FromOurRoot(spec with { ExtendedKeyUsages = [TestCertificateSpec.CodeSigning] }),
            "other root" => FromOtherRoot(spec),
            "self-signed" => SelfSigned(),
            "missing intermediate" => FromIntermediate(spec, null, sendsIntermediate: false),
            "expired intermediate" => FromIntermediate(spec, Past, sendsIntermediate: true),
            "leaf as authority" => FromLeaf(spec),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }

    private WrongPeer FromOurRoot(TestCertificateSpec spec) => WrongPeer.Make(fixture.Authority.Issue(spec), fixture.Authority.RootDer);

    private WrongPeer FromOtherRoot(TestCertificateSpec spec)
    {
        using TestAuthority other = TestAuthority.CreateRoot("CN=Another mesh");
        return WrongPeer.Make(other.Issue(spec), fixture.Authority.RootDer);
    }

    private WrongPeer SelfSigned()
    {
        using TestAuthority self = TestAuthority.CreateRoot("CN=Myself");
        return WrongPeer.Make(self.AsLeaf(), fixture.Authority.RootDer);
    }

    private WrongPeer FromIntermediate(TestCertificateSpec spec, DateTimeOffset? notAfter, bool sendsIntermediate)
    {
        using TestAuthority intermediate = fixture.Authority.CreateIntermediate(notAfter: notAfter);
        TestCertificate issued = intermediate.Issue(spec);
        return WrongPeer.Make(sendsIntermediate ? issued : issued with { ChainDer = [issued.ChainDer[0]] }, fixture.Authority.RootDer);
    }

    private WrongPeer FromLeaf(TestCertificateSpec spec)
    {
        using TestAuthority forger = TestAuthority.FromLeaf(fixture.ClientCertificate);
        return WrongPeer.Make(forger.Issue(spec), fixture.Authority.RootDer);
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
