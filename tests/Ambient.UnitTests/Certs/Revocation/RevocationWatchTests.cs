using System.Security.Cryptography;
using Ambient.Certs.Revocation;
using Ambient.Testing.Certificates;
using Ambient.Tls;

namespace Ambient.UnitTests.Certs.Revocation;

/// <summary>node-proxy 5.6 and 11.9: what a revocation list means for handshakes and for connections that are up.</summary>
public sealed class RevocationWatchTests : IDisposable
{
    private const string Identity = "spiffe://cluster.local/ns/shop/sa/web";

    private readonly TestAuthority _root = TestAuthority.CreateRoot();
    private readonly TestAuthority _intermediate;
    private readonly TestAuthority _nested;
    private readonly RevocationWatch _watch = new();

    public RevocationWatchTests()
    {
        _intermediate = _root.CreateIntermediate("CN=first");
        _nested = _intermediate.CreateIntermediate("CN=second");
    }

    public void Dispose()
    {
        _root.Dispose();
        _intermediate.Dispose();
        _nested.Dispose();
    }

    [Theory]
    [InlineData(TlsRole.Client)]
    [InlineData(TlsRole.Server)]
    public void A_revoked_leaf_is_refused_and_counted_on_the_side_that_refused_it(TlsRole role)
    {
        TestCertificate leaf = _root.Issue(Identity);
        TestCertificate other = _root.Issue(Identity);
        _watch.Load(_root.Revoke(leaf.ChainDer[0]));

        string? refusal = _watch.Check(Peer(leaf), role);

        Assert.Contains("revoked by CRL", refusal, StringComparison.Ordinal);
        Assert.Contains(Identity, refusal, StringComparison.Ordinal);
        Assert.Null(_watch.Check(Peer(other), role));
        Assert.Equal(1, _watch.CountsOf(role).Rejections);
        Assert.Equal(0, _watch.CountsOf(role == TlsRole.Client ? TlsRole.Server : TlsRole.Client).Rejections);
    }

    [Fact]
    public void Every_certificate_of_the_path_is_looked_at()
    {
        TestCertificate leaf = _nested.Issue(Identity);
        byte[] second = leaf.ChainDer[1];
        byte[] first = leaf.ChainDer[2];

        foreach ((TestAuthority authority, byte[] revoked) in new[] { (_nested, leaf.ChainDer[0]), (_intermediate, second), (_root, first) })
        {
            _watch.Load(authority.Revoke(revoked));
            Assert.NotNull(_watch.Check(Peer(leaf), TlsRole.Client));
        }
    }

    [Fact]
    public void What_no_list_covers_is_accepted()
    {
        TestCertificate leaf = _nested.Issue(Identity);
        TestCertificate other = _root.Issue(Identity);
        _watch.Load(_root.Revoke(other.ChainDer[0]));

        Assert.Null(_watch.Check(Peer(leaf), TlsRole.Client));
    }

    [Fact]
    public void Another_authority_of_the_same_name_revokes_nothing_of_ours()
    {
        using TestAuthority twin = TestAuthority.CreateRoot();
        TestCertificate leaf = _root.Issue(Identity);
        byte[] forged = twin.Revoke(leaf.ChainDer[0]);
        _watch.Load(forged);

        Assert.Null(_watch.Check(Peer(leaf), TlsRole.Client));

        _watch.Load(Pem(forged, _root.Revoke(leaf.ChainDer[0])));
        Assert.NotNull(_watch.Check(Peer(leaf), TlsRole.Client));
    }

    [Fact]
    public void Only_the_subtree_of_the_revoked_intermediate_is_cut_when_two_share_a_name()
    {
        using TestAuthority twin = _root.CreateIntermediate("CN=first");
        TestCertificate revoked = _intermediate.Issue(Identity);
        TestCertificate spared = twin.Issue(Identity);
        RecordedConnection cut = Track(revoked);
        RecordedConnection kept = Track(spared);

        int ended = _watch.Load(_root.Revoke(revoked.ChainDer[1]));

        Assert.Equal(1, ended);
        Assert.Equal(1, cut.Revocations);
        Assert.Equal(0, kept.Revocations);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_live_connection_ends_when_a_certificate_of_its_path_is_revoked(int place)
    {
        TestCertificate leaf = _nested.Issue(Identity);
        RecordedConnection live = Track(leaf);
        TestAuthority issuer = new[] { _nested, _intermediate, _root }[place];

        _watch.Load(issuer.Revoke(leaf.ChainDer[place]));

        Assert.Equal(1, live.Revocations);
        Assert.Equal(1, _watch.CountsOf(TlsRole.Server).Rejections);
    }

    [Fact]
    public void A_live_connection_is_ended_and_counted_once_however_often_the_file_changes()
    {
        TestCertificate leaf = _root.Issue(Identity);
        RecordedConnection live = Track(leaf);
        byte[] list = _root.Revoke(leaf.ChainDer[0]);

        Assert.Equal(1, _watch.Load(list));
        Assert.Equal(0, _watch.Load(list));

        Assert.Equal(1, live.Revocations);
        Assert.Equal(1, _watch.CountsOf(TlsRole.Server).Rejections);
    }

    [Fact]
    public void A_connection_that_registers_after_the_reload_that_revoked_it_is_ended_at_once()
    {
        TestCertificate leaf = _root.Issue(Identity);
        _watch.Load(_root.Revoke(leaf.ChainDer[0]));

        Assert.Equal(1, Track(leaf).Revocations);
    }

    [Fact]
    public void A_connection_that_ended_is_forgotten()
    {
        TestCertificate leaf = _root.Issue(Identity);
        var connections = Enumerable.Range(0, 5).Select(_ => Track(leaf)).ToList();
        connections[1].Registration!.Dispose();
        connections[4].Registration!.Dispose();
        connections[1].Registration!.Dispose();

        Assert.Equal(3, _watch.TrackedConnections);
        Assert.Equal(3, _watch.Load(_root.Revoke(leaf.ChainDer[0])));
        Assert.Equal([1, 0, 1, 1, 0], connections.Select(connection => connection.Revocations));
    }

    [Fact]
    public void A_certificate_that_does_not_parse_is_counted_as_untracked_and_refused_where_lists_are_in_force()
    {
        var peer = new TlsPeer([1, 2, 3], [Identity], [[1, 2, 3], _root.RootDer]);
        var connection = new RecordedConnection();

        Assert.Null(_watch.Track(peer, TlsRole.Client, connection));
        Assert.Equal(1, _watch.CountsOf(TlsRole.Client).Untracked);
        Assert.Null(_watch.Check(peer, TlsRole.Client));
        _watch.Load(_root.Revoke());
        Assert.Contains("cannot be checked", _watch.Check(peer, TlsRole.Client), StringComparison.Ordinal);
    }

    [Fact]
    public void The_verified_path_counts_and_not_what_was_presented_beside_it()
    {
        // The peer also presents an unrelated revoked certificate; it is not in the path that was verified.
        TestCertificate leaf = _root.Issue(Identity);
        TestCertificate unrelated = _intermediate.Issue(Identity);
        _watch.Load(Pem(_intermediate.Revoke(unrelated.ChainDer[0]), _root.Revoke(unrelated.ChainDer[1])));

        Assert.Null(_watch.Check(Peer(leaf), TlsRole.Client));
    }

    [Fact]
    public void A_peer_whose_leaf_is_itself_a_trust_anchor_has_nothing_to_revoke()
    {
        TestCertificate leaf = _root.Issue(Identity);
        var pinned = new TlsPeer(leaf.ChainDer[0], [Identity], [leaf.ChainDer[0]]);
        _watch.Load(_root.Revoke(leaf.ChainDer[0]));

        Assert.Null(_watch.Check(pinned, TlsRole.Client));
    }

    [Fact]
    public void An_invalid_file_leaves_the_last_good_lists_in_force()
    {
        TestCertificate leaf = _root.Issue(Identity);
        _watch.Load(_root.Revoke(leaf.ChainDer[0]));

        Assert.Throws<RevocationFormatException>(() => _watch.Load("not a list"u8));

        Assert.NotNull(_watch.Check(Peer(leaf), TlsRole.Client));
        _watch.Load([]);
        Assert.Null(_watch.Check(Peer(leaf), TlsRole.Client));
    }

    private static byte[] Pem(params byte[][] lists) =>
        System.Text.Encoding.ASCII.GetBytes(string.Join('\n', lists.Select(der => PemEncoding.WriteString("X509 CRL", der))));

    private static TlsPeer Peer(TestCertificate certificate) =>
        new(certificate.ChainDer[0], [Identity], [.. certificate.ChainDer, certificate.RootsDer[0]]);

    private RecordedConnection Track(TestCertificate certificate)
    {
        var connection = new RecordedConnection();
        connection.Registration = _watch.Track(Peer(certificate), TlsRole.Server, connection);
        return connection;
    }

    private sealed class RecordedConnection : IRevocableConnection
    {
        public int Revocations { get; private set; }

        public IDisposable? Registration { get; set; }

        public void Revoke() => Revocations++;
    }
}
