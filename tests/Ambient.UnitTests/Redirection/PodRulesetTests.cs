using System.Net;
using Ambient.Redirection;
using Ambient.Redirection.Nftables;

namespace Ambient.UnitTests.Redirection;

public sealed class PodRulesetTests
{
    [Fact]
    public void Captures_both_directions_and_both_families() => Verify("default", new PodRedirectionSpec());

    [Fact]
    public void Captures_dns_when_asked() => Verify("dns", new PodRedirectionSpec { DnsCapture = true });

    [Fact]
    public void Leaves_inbound_alone_in_ingress_mode() => Verify("ingress", new PodRedirectionSpec { BypassInbound = true });

    [Fact]
    public void Sends_what_enters_by_virtual_interfaces_out_through_the_proxy() =>
        Verify("virtual-interfaces", new PodRedirectionSpec { VirtualInterfaces = InterfaceName.Split(" tap0, ,br-vm.1 ") });

    [Fact]
    public void Has_no_ipv6_rule_without_ipv6() => Verify("no-ipv6", new PodRedirectionSpec { Ipv6 = false, DnsCapture = true });

    [Fact]
    public void Removal_deletes_every_table() => GoldenText.Verify("nftables/removal.nft", PodRuleset.RenderRemoval());

    [Fact]
    public void Uses_the_probe_addresses_it_is_given()
    {
        var probes = new ProbeAddresses(IPAddress.Parse("169.254.9.9"), IPAddress.Parse("fd16::9"));

        string text = PodRuleset.Render(new PodRedirectionSpec { Probes = probes });

        Assert.Contains("ip saddr 169.254.9.9 counter accept", text, StringComparison.Ordinal);
        Assert.Contains("ip6 daddr fd16::9 counter accept", text, StringComparison.Ordinal);
        Assert.DoesNotContain("169.254.7.127", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_rule_counts()
    {
        string text = PodRuleset.Render(new PodRedirectionSpec { DnsCapture = true, VirtualInterfaces = ["tap0"] });

        Assert.All(text.Split('\n').Where(line => line.StartsWith("add rule", StringComparison.Ordinal)), line => Assert.Contains(" counter ", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sixteen-letters-")]
    [InlineData("a b")]
    [InlineData("eth*")]
    [InlineData("eth\"0")]
    [InlineData("eth0\naccept")]
    [InlineData("../eth0")]
    [InlineData("eth0;")]
    [InlineData("ethé")]
    public void Refuses_an_interface_name_that_could_change_the_rules(string name)
    {
        var spec = new PodRedirectionSpec { VirtualInterfaces = ["tap0", name] };

        Assert.Contains("interface name", spec.FindFault(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PodRuleset.Render(spec));
    }

    [Fact]
    public void Refuses_probe_addresses_of_the_wrong_family() =>
        Assert.NotNull(new PodRedirectionSpec { Probes = new ProbeAddresses(IPAddress.IPv6Loopback, IPAddress.Loopback) }.FindFault());

    private static void Verify(string name, PodRedirectionSpec spec) => GoldenText.Verify($"nftables/{name}.nft", PodRuleset.Render(spec));
}
