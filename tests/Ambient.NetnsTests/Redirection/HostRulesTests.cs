using System.Net;
using System.Net.Sockets;
using Ambient.Redirection;
using Ambient.Redirection.Commands;
using Ambient.Redirection.Nftables;
using Ambient.Testing;
using Ambient.Testing.Redirection;

namespace Ambient.NetnsTests.Redirection;

/// <summary>The node's side: probes of the kubelet, which is here this process, reach an enrolled pod past its redirection.</summary>
public sealed class HostRulesTests
{
    private const int AppPort = 8080;

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_probe_gets_the_address_that_the_pod_lets_pass(bool ipv6)
    {
        await using PodAndPeer network = await PodAndPeer.CreateAsync();
        var host = new NftablesHostRules(new ProgramRunner(), network.Peer.Path);
        IPAddress pod = PodAndPeer.PodAddress(ipv6);
        Assert.Null(await new NftablesRedirector(new ProgramRunner()).ApplyAsync(network.Pod.Path, new PodRedirectionSpec(), CancellationToken.None));
        Assert.Null(await host.ApplyAsync(new HostRedirectionSpec(KubeletUid: 0), CancellationToken.None));
        Socket app = network.Listen(network.Pod, AppPort);

        await Assert.ThrowsAsync<SocketException>(() => network.ConnectAsync(network.Peer, new IPEndPoint(pod, AppPort)));
        Assert.Null(await host.AddPodAsync(pod, "pod-1", CancellationToken.None));
        await network.ConnectAsync(network.Peer, new IPEndPoint(pod, AppPort));

        Assert.Equal(ipv6 ? ProbeAddresses.Default.V6 : ProbeAddresses.Default.V4, SocketMarks.CallerOf(await network.AcceptAsync(app)));
    }

    [RootFact]
    public async Task A_pod_is_removed_from_the_set_only_under_its_own_uid()
    {
        await using PodAndPeer network = await PodAndPeer.CreateAsync();
        var host = new NftablesHostRules(new ProgramRunner(), network.Peer.Path);
        IPAddress address = PodAndPeer.PodAddress(ipv6: false);
        Assert.Null(await host.ApplyAsync(new HostRedirectionSpec(KubeletUid: 0), CancellationToken.None));

        Assert.Null(await host.AddPodAsync(address, "former", CancellationToken.None));
        Assert.Null(await host.AddPodAsync(address, "latter", CancellationToken.None));
        Assert.Null(await host.RemovePodAsync(address, "former", CancellationToken.None));
        Assert.Contains("\"latter\"", await network.Peer.RunAsync("nft", "list", "ruleset"), StringComparison.Ordinal);

        Assert.Null(await host.RemovePodAsync(address, "latter", CancellationToken.None));
        Assert.DoesNotContain("\"latter\"", await network.Peer.RunAsync("nft", "list", "ruleset"), StringComparison.Ordinal);
        Assert.Null(await host.RemovePodAsync(address, "latter", CancellationToken.None));
    }

    [RootFact]
    public async Task Writing_the_rules_anew_keeps_the_set_and_removal_leaves_nothing()
    {
        await using PodAndPeer network = await PodAndPeer.CreateAsync();
        var host = new NftablesHostRules(new ProgramRunner(), network.Peer.Path);
        Assert.Null(await host.ApplyAsync(new HostRedirectionSpec(KubeletUid: 0), CancellationToken.None));
        Assert.Null(await host.AddPodAsync(PodAndPeer.PodAddress(ipv6: true), "pod-1", CancellationToken.None));

        Assert.Null(await host.ApplyAsync(new HostRedirectionSpec(KubeletUid: 7), CancellationToken.None));
        string ruleset = await network.Peer.RunAsync("nft", "list", "ruleset");
        Assert.Contains("fd09::1", ruleset, StringComparison.Ordinal);
        Assert.Contains("skuid 7", ruleset, StringComparison.Ordinal);
        Assert.DoesNotContain("skuid 0", ruleset, StringComparison.Ordinal);

        Assert.Null(await host.RemoveAsync(CancellationToken.None));
        Assert.Empty(await network.Peer.RunAsync("nft", "list", "ruleset"));
    }
}
