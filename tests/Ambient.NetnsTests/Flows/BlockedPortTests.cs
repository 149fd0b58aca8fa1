using System.Net;
using Ambient.Hbone;
using Ambient.Testing;
using Ambient.Testing.Certificates;
using Ambient.Testing.Redirection;
using Ambient.Testing.Transport;
using Ambient.Tls;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Namespaces;
using Ambient.Transport.Sockets;

namespace Ambient.NetnsTests.Flows;

/// <summary>What stands between two pods shows in how a connection to port 15008 fails: dropped, refused, or rejected by a firewall on the way.</summary>
public sealed class BlockedPortTests
{
    [RootTheory]
    [InlineData(false, "drop", FailureReason.NetworkPolicy, "Allow TCP 15008")]
    [InlineData(true, "drop", FailureReason.NetworkPolicy, "Allow TCP 15008")]
    [InlineData(false, "accept", FailureReason.Refused, "nothing listens on its HBONE port")]
    [InlineData(true, "accept", FailureReason.Refused, "nothing listens on its HBONE port")]
    [InlineData(false, "reject with icmpx type admin-prohibited", FailureReason.Unreachable, "rules that reject TCP 15008")]
    [InlineData(false, "reject with icmpx type host-unreachable", FailureReason.Unreachable, "rules that reject TCP 15008")]
    public async Task The_way_in_which_the_port_is_blocked_is_told(bool ipv6, string verdict, FailureReason reason, string hint)
    {
        await using PodAndPeer network = await PodAndPeer.CreateAsync();
        await network.Peer.RunAsync("nft", "add", "table", "inet", "wall");
        await network.Peer.RunAsync("nft", "add", "chain", "inet", "wall", "input", "{ type filter hook input priority 0 ; }");
        await network.Peer.RunAsync("nft", ["add", "rule", "inet", "wall", "input", "tcp", "dport", "15008", .. verdict.Split(' ')]);
        using TestAuthority authority = TestAuthority.CreateRoot();
        TestCertificate own = authority.Issue("spiffe://cluster.local/ns/shop/sa/client");
        using TlsCredentials credentials = new(own.ChainDer, own.KeyPkcs8, own.RootsDer);
        using HandshakeThreads threads = new(1);
        using NetworkNamespace pod = NetworkNamespace.Open(network.Pod.Path);
        await using LoopRig rig = new();
        ConnectionFailure? failure = null;

        await rig.RunAsync(async loop => failure = (await new HboneClient(HboneOptions.Default, threads).ConnectAsync(
            loop,
            new IPEndPoint(PodAndPeer.PeerAddress(ipv6), 15008),
            DialOptions.Default with { Namespace = pod, Timeout = TimeSpan.FromSeconds(1) },
            credentials,
            static _ => null)).Failure);

        Assert.Equal((FailurePhase.Connect, FailureSide.Upstream, reason), (failure!.Phase, failure.Side, failure.Reason));
        Assert.Contains(hint, failure.Hint, StringComparison.Ordinal);
    }
}
