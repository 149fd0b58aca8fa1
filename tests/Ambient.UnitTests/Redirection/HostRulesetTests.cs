using System.Net;
using Ambient.Redirection;
using Ambient.Redirection.Nftables;

namespace Ambient.UnitTests.Redirection;

public sealed class HostRulesetTests
{
    [Fact]
    public void Gives_probes_a_recognisable_source_and_keeps_the_sets() =>
        GoldenText.Verify("nftables/host.nft", HostRuleset.Render(new HostRedirectionSpec(KubeletUid: 0)));

    [Fact]
    public void Has_no_ipv6_rule_without_ipv6() =>
        GoldenText.Verify("nftables/host-no-ipv6.nft", HostRuleset.Render(new HostRedirectionSpec(KubeletUid: 1001) { Ipv6 = false }));

    [Fact]
    public void Overwrites_an_entry_of_a_former_pod()
    {
        string text = HostRuleset.RenderAddition(IPAddress.Parse("10.0.0.7"), "pod-7");

        Assert.Equal(
            """
            add element inet istio-ambient-nat istio-inpod-probes-v4 { 10.0.0.7 }
            delete element inet istio-ambient-nat istio-inpod-probes-v4 { 10.0.0.7 }
            add element inet istio-ambient-nat istio-inpod-probes-v4 { 10.0.0.7 comment "pod-7" }

            """,
            text);
    }

    [Fact]
    public void Puts_an_ipv6_address_into_the_ipv6_set() =>
        Assert.Contains("istio-inpod-probes-v6 { fd00::7 }", HostRuleset.RenderDeletion(IPAddress.Parse("fd00::7")), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("a\" }; flush ruleset; #")]
    [InlineData("a b")]
    public void Refuses_a_uid_that_could_change_the_rules(string uid) => Assert.NotNull(HostRuleset.FindFault(uid));

    [Fact]
    public void Refuses_a_uid_over_the_length_of_a_comment()
    {
        Assert.Null(HostRuleset.FindFault(new string('a', 128)));
        Assert.NotNull(HostRuleset.FindFault(new string('a', 129)));
    }

    [Fact]
    public void Finds_an_entry_by_address_and_uid_in_the_listing_of_nft()
    {
        const string listing = """
            {"nftables": [{"metainfo": {"version": "1.0.6"}}, {"set": {"family": "inet", "name": "istio-inpod-probes-v4", "elem":
            ["10.0.0.8", {"elem": {"val": "10.0.0.7", "comment": "pod-7"}}]}}]}
            """;

        Assert.True(NftablesHostRules.HasElement(listing, IPAddress.Parse("10.0.0.7"), "pod-7"));
        Assert.False(NftablesHostRules.HasElement(listing, IPAddress.Parse("10.0.0.7"), "pod-8"));
        Assert.False(NftablesHostRules.HasElement(listing, IPAddress.Parse("10.0.0.8"), "pod-7"));
        Assert.False(NftablesHostRules.HasElement("""{"nftables": [{"set": {"name": "x"}}]}""", IPAddress.Parse("10.0.0.8"), "pod-7"));
    }
}
